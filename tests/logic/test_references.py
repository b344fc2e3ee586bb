from redcap_iac.logic import parse, references, smart_variables


def test_references_come_in_the_order_of_the_text_with_repeats() -> None:
    tree = parse("if([b] > 1, -([a] + [b]) ^ [d], not [v1_arm_1][c(2)]) = 'x'")

    assert [found.field for found in references(tree)] == ["b", "a", "b", "d", "c"]


def test_a_reference_carries_its_place_and_its_parts() -> None:
    found = references(parse("1 + [v1_arm_1][c(2)]"))[0]

    assert (found.event, found.field, found.code, found.offset) == ("v1_arm_1", "c", "2", 4)


def test_an_expression_without_fields_has_no_references() -> None:
    assert references(parse("datediff('today', now, 'd') > length('[a]')")) == ()


def test_smart_variables_are_not_references() -> None:
    tree = parse("[user-dag-name] = [event-name][site]")

    assert [found.name for found in smart_variables(tree)] == ["user-dag-name"]
    assert [found.field for found in references(tree)] == ["site"]
