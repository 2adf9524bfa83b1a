use super::sheet::Value;

#[test]
fn nothing_is_a_cell_of_its_own() {
    assert_eq!(Value::text(""), Value::Empty);
}
