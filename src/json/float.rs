//! Floats as Python writes them.

/// Appends the shortest text that reads back as `value`, laid out as Python's `repr` does it.
///
/// The digits are ryu's, and so is most of the layout. Python differs in two things: an exponent
/// has a sign and at least two digits, and it begins below 1e-4 instead of 1e-5.
pub(super) fn append(value: f64, out: &mut Vec<u8>) {
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format_finite(value);
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |text| ("-", text));
    out.extend_from_slice(sign.as_bytes());

    if let Some((mantissa, exponent)) = text.split_once('e') {
        out.extend_from_slice(mantissa.as_bytes());
        let (sign, exponent) =
            exponent.strip_prefix('-').map_or((b'+', exponent), |exponent| (b'-', exponent));
        out.extend_from_slice(&[b'e', sign]);
        if exponent.len() < 2 {
            out.push(b'0');
        }
        out.extend_from_slice(exponent.as_bytes());
    } else if let Some(digits) = text.strip_prefix("0.0000") {
        let (first, rest) = digits.split_at_checked(1).unwrap_or_default();
        out.extend_from_slice(first.as_bytes());
        if !rest.is_empty() {
            out.push(b'.');
            out.extend_from_slice(rest.as_bytes());
        }
        out.extend_from_slice(b"e-05");
    } else {
        out.extend_from_slice(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(value: f64) -> String {
        let mut out = Vec::new();
        append(value, &mut out);
        String::from_utf8(out).unwrap()
    }

    /// Each as `repr()` prints it in Python 3.11.
    #[test]
    fn python_writes_them_so() {
        for (value, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (100.0, "100.0"),
            (1.5, "1.5"),
            (-1.25, "-1.25"),
            (0.1, "0.1"),
            (0.0001, "0.0001"),
            (0.00012, "0.00012"),
            (0.00001, "1e-05"),
            (0.000_012_5, "1.25e-05"),
            (-0.000_099_9, "-9.99e-05"),
            (1e-6, "1e-06"),
            (1.5e-7, "1.5e-07"),
            (1e-10, "1e-10"),
            (1e15, "1000000000000000.0"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (1e16, "1e+16"),
            (1.234_567_890_123_456_7e16, "1.2345678901234568e+16"),
            (2e23, "2e+23"),
            (1e100, "1e+100"),
            (5e-324, "5e-324"),
            (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
            (f64::MAX, "1.7976931348623157e+308"),
        ] {
            assert_eq!(expected, text(value));
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(value: f64) {
            prop_assume!(value.is_finite());
            prop_assert_eq!(value.to_bits(), text(value).parse::<f64>().unwrap().to_bits());
        }
    }
}
