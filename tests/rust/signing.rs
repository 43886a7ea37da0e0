//! The golden cases of the signature format.

use hauberk::signing::{Kind, Signer, Timestamp, TimestampSigner};
use serde_json::Value;

#[test]
fn signatures_are_those_of_the_format() {
    let document: Value = serde_json::from_str(include_str!("../vectors/formats.json")).unwrap();
    let cases = document["signature"].as_array().unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        let text = |name: &str| case[name].as_str().unwrap();
        let (secret, salt, value) = ([text("secret")], text("salt").as_bytes(), text("value"));
        let time = Timestamp::new(case["seconds"].as_u64().unwrap()).unwrap();

        let signer = Signer::new(Kind::Signer, &secret, salt).unwrap();
        assert_eq!(text("signed"), signer.sign(value).unwrap());
        assert_eq!(Ok(value), signer.unsign(text("signed")));

        let signer = TimestampSigner::new(Kind::Timestamp, &secret, salt).unwrap();
        assert_eq!(text("timed"), signer.sign(value, time).unwrap());
        assert_eq!(Ok((value, time)), signer.unsign(text("timed"), time, None));

        let signer = TimestampSigner::new(Kind::Dumps, &secret, salt).unwrap();
        let json = signer.unsign_bytes(text("dumped"), time, None).unwrap();
        assert_eq!(case["dumped_object"], serde_json::from_slice::<Value>(&json).unwrap());
        assert_eq!(text("dumped"), signer.sign_bytes(&json, time).unwrap());
    }
}
