"""Files ⇄ what they declare: loader, schema, writer, environments; the home of YAML.

Codes of findings made here; the kinds' own begin at M200.

- M101 not YAML · M102 not text · M103 too large, too deep, too many aliases · M104 a key twice ·
  M105 text YAML would swallow · M106 several documents, or none · M107 tags, anchors, keys that
  are no text · M108 `${`
- M110 not the kind of value · M111 unknown key · M112 missing key · M113 not an allowed value
- M120 no such file · M121 outside the project folder · M122 a cycle · M123 named twice ·
  M124 not a file that can be included · M125 `instruments` and `dictionary` both
- M130 `events_from`
- M501 environments
"""
