"""Changes of a project in production: the package a person takes through Draft Mode, its proof."""
