//! JSON values as GeoReport's XML: an object's fields are elements, a list's items have the list's name without its `s`.

use std::io;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};
use serde_json::Value;

/// A document whose root has this name.
///
/// # Errors
/// What the writer says; into memory it says nothing.
pub fn document(root: &str, item: &str, value: &Value) -> io::Result<Vec<u8>> {
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    element(&mut writer, root, item, value)?;
    Ok(writer.into_inner())
}

fn element(writer: &mut Writer<Vec<u8>>, name: &str, item: &str, value: &Value) -> io::Result<()> {
    let element = writer.create_element(name);
    match value {
        Value::Null => element.write_empty().map(drop),
        Value::Array(items) => element
            .write_inner_content(|inner| items.iter().try_for_each(|one| self::element(inner, item, "", one)))
            .map(drop),
        Value::Object(fields) => element
            .write_inner_content(|inner| {
                fields.iter().try_for_each(|(name, one)| {
                    self::element(inner, name, name.strip_suffix('s').unwrap_or(name), one)
                })
            })
            .map(drop),
        Value::String(text) => element.write_text_content(BytesText::new(&allowed(text))).map(drop),
        Value::Bool(_) | Value::Number(_) => {
            element.write_text_content(BytesText::new(&value.to_string())).map(drop)
        }
    }
}

/// XML 1.0 has no other control characters.
fn allowed(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r')).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_and_objects_become_elements_and_text_is_escaped() {
        let value = json!([{ "code": 400, "description": "a < b & \"c\"\u{1}", "none": null, "values": [{ "key": "x" }] }]);
        let text = String::from_utf8(document("errors", "error", &value).expect("written")).expect("text");
        assert_eq!(
            text,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><errors><error><code>400</code>\
             <description>a &lt; b &amp; &quot;c&quot;</description><none/>\
             <values><value><key>x</key></value></values></error></errors>"
        );
    }
}
