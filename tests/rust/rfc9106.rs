//! RFC 9106, section 5: one vector for each type, with secret and associated data.

use hauberk::passwords::{Inputs, Parameters, Type, Version, hash};
use hauberk::{Result, encoding};

#[test]
fn section_5_1_argon2d() {
    let expected = "512b391b6f1162975371d30919734294f868e3be3984f3c1a13a4db9fabe4acb";
    assert_eq!(Ok(expected.to_owned()), tag(Type::D));
}

#[test]
fn section_5_2_argon2i() {
    let expected = "c814d9d1dc7f37aa13f0d77f2494bda1c8de6b016dd388d29952a4c4672b6ce8";
    assert_eq!(Ok(expected.to_owned()), tag(Type::I));
}

#[test]
fn section_5_3_argon2id() {
    let expected = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
    assert_eq!(Ok(expected.to_owned()), tag(Type::Id));
}

fn tag(kind: Type) -> Result<String> {
    let parameters = Parameters::new(kind, Version::V0x13, [32, 3, 4], [32, 16])?;
    let inputs =
        Inputs { password: &[1; 32], salt: &[2; 16], secret: &[3; 8], associated_data: &[4; 12] };
    Ok(encoding::hex(&hash(&inputs, &parameters, 1)?))
}
