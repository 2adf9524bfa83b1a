//! Files that show what a record says: which are taken, and what is made of them before they are kept.
//!
//! The bytes decide, not the name. Pictures are decoded and written anew: what else a camera put into them (places, names)
//! and what else somebody may have hidden in them is gone. Nothing that a browser would run is taken at all.

use std::io::Cursor;

use giaouoc_agreement::text::Text;
use image::{ImageDecoder as _, ImageFormat, ImageReader, Limits};

/// A file is at most so great, in bytes.
pub const MOST: usize = 20_000_000;
/// A form brings so many at most.
pub const FILES: usize = 10;
/// A picture is at most so wide and high, in pixels, and takes so much memory.
const SIDE: u32 = 12_000;
const MEMORY: u64 = 512 << 20;

/// A file that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Its bytes, written anew where it is a picture.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub media: &'static str,
    /// Its name, with the ending of what it is.
    pub name: String,
}

/// Types that are taken: media type, its ending.
const TYPES: [(&str, &str); 7] = [
    ("application/pdf", "pdf"),
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("application/vnd.oasis.opendocument.text", "odt"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
];

/// What people call a type of files, the same in both languages.
pub fn called(media: &str) -> &'static str {
    match TYPES.iter().find(|(found, _)| *found == media).map(|(_, ending)| *ending) {
        Some("pdf") => "PDF",
        Some("docx") => "Word",
        Some("xlsx") => "Excel",
        Some("odt" | "ods") => "OpenDocument",
        Some("jpg") => "JPEG",
        Some("png") => "PNG",
        _ => "?",
    }
}

/// Looks at a file; gives what is kept of it.
///
/// # Errors
/// A type that is not taken, a file that is too great, macros, a picture that cannot be read; in words for whoever brings it.
pub fn check(name: &str, bytes: Vec<u8>) -> Result<Checked, Text> {
    let name = clean(name);
    if bytes.len() > MOST {
        let most = MOST / 1_000_000;
        return Err(Text::new(
            format!("{name}: lớn hơn {most} MB. Hãy nén ảnh hoặc chia nhỏ tệp."),
            format!("{name}: over {most} MB. Make it smaller or split it."),
        ));
    }
    let found = infer::get(&bytes).map(|kind| kind.mime_type()).unwrap_or_default();
    let by_type = TYPES.iter().find(|(media, _)| *media == found);
    let Some((media, ending)) = by_type.or_else(|| office(&bytes)) else {
        return Err(Text::new(
            format!("{name}: chỉ nhận PDF, ảnh JPEG hoặc PNG, Word (docx), Excel (xlsx), OpenDocument."),
            format!(
                "{name}: only PDF, JPEG or PNG pictures, Word (docx), Excel (xlsx) and OpenDocument are taken."
            ),
        ));
    };
    // Names of parts stand in a package as they are.
    if bytes.windows(14).any(|part| part == b"vbaProject.bin") {
        return Err(Text::new(
            format!("{name}: tệp có macro nên không nhận. Hãy lưu lại dạng không có macro, hoặc PDF."),
            format!("{name}: it has macros and is not taken. Save it without them, or as PDF."),
        ));
    }
    let bytes = match *media {
        "image/jpeg" => anew(&bytes, ImageFormat::Jpeg),
        "image/png" => anew(&bytes, ImageFormat::Png),
        _ => Ok(bytes),
    };
    let bytes = bytes.map_err(|_| {
        Text::new(
            format!("{name}: không đọc được ảnh này. Hãy chụp hoặc quét lại."),
            format!("{name}: this picture cannot be read. Take or scan it again."),
        )
    })?;
    let right = name.rsplit_once('.').is_some_and(|(_, found)| {
        found.eq_ignore_ascii_case(ending) || *ending == "jpg" && found.eq_ignore_ascii_case("jpeg")
    });
    let name = if right { name } else { format!("{name}.{ending}") };
    Ok(Checked { bytes, media, name })
}

/// A document of Word or Excel by the name of its main part: programs order the parts of a package as they like, and
/// `infer` knows only the usual orders.
fn office(bytes: &[u8]) -> Option<&'static (&'static str, &'static str)> {
    let has = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    let ending = match bytes.starts_with(b"PK\x03\x04") {
        true if has(b"word/document.xml") => "docx",
        true if has(b"xl/workbook.xml") => "xlsx",
        _ => return None,
    };
    TYPES.iter().find(|(_, found)| *found == ending)
}

/// A name without folders and control characters, of a sensible length.
fn clean(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|letter| !letter.is_control()).take(150).collect();
    if name.trim().is_empty() { "tep".to_owned() } else { name }
}

/// A picture decoded, turned the right way up, and written anew.
fn anew(bytes: &[u8], format: ImageFormat) -> Result<Vec<u8>, image::ImageError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE);
    limits.max_image_height = Some(SIDE);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let turned = decoder.orientation()?;
    let mut picture = image::DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(turned);
    let picture = match format {
        ImageFormat::Jpeg => image::DynamicImage::ImageRgb8(picture.into_rgb8()),
        _ => picture,
    };
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format)?;
    Ok(out.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_of_few_parts_is_a_document() {
        let few = b"PK\x03\x04 [Content_Types].xml _rels/.rels word/document.xml".to_vec();
        let checked = check("bien ban", few.clone()).unwrap();
        assert_eq!((checked.name.as_str(), checked.bytes), ("bien ban.docx", few));
        assert!(check("a.docx", b"PK\x03\x04 something else".to_vec()).is_err());
    }

    fn picture(format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        image::DynamicImage::new_rgb8(8, 4).write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    #[test]
    fn pictures_are_written_anew_and_what_hides_behind_them_is_gone() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png] {
            let mut bytes = picture(format);
            bytes.extend_from_slice(b"<script>alert(1)</script>");
            let kept = check("ảnh", bytes).unwrap();
            assert!(!kept.bytes.windows(6).any(|part| part == b"script"), "{format:?}");
            assert!(kept.name.ends_with(if format == ImageFormat::Png { ".png" } else { ".jpg" }));
        }
    }

    #[test]
    fn the_bytes_decide_and_nothing_that_runs_is_taken() {
        for (name, bytes) in [
            ("a.svg", &b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>"[..]),
            ("a.pdf", b"<html><script>1</script></html>"),
            ("a.exe", b"MZ\x90\x00\x03\x00\x00\x00"),
            ("a.png", b"\x89PNG\r\n\x1a\n cut"),
            ("", b""),
        ] {
            assert!(check(name, bytes.to_vec()).is_err(), "{name}");
        }
        let with_macros = [b"%PDF-1.7\n".as_slice(), b"xl/vbaProject.bin"].concat();
        assert!(check("a.pdf", with_macros).unwrap_err().en.contains("macros"));
        let kept = check("C:\\biên bản.pdf", b"%PDF-1.7\n".to_vec()).unwrap();
        assert_eq!((kept.name.as_str(), kept.media), ("biên bản.pdf", "application/pdf"));
        assert!(check("big.pdf", [b"%PDF-1.7\n".as_slice(), &vec![0; MOST]].concat()).is_err());
    }
}
