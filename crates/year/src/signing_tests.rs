use super::*;

fn signature(capacity: Option<Capacity>) -> Signature {
    Signature {
        name: "Nguyễn Văn A".into(),
        capacity,
        day: "2021-03-07".into(),
        refused: "chưa thống nhất mục tiêu".into(),
        scan: Some(Scan::default()),
        mandate: Some(Scan::default()),
        digest: "d".into(),
    }
}

#[test]
fn a_signature_is_whole_or_says_what_is_missing() {
    let good = signature(Some(Capacity::Delegate));
    let wrong = |one: &Signature| one.wrong("2021-03-05", "2021-03-08", "d").is_some();
    assert!(!wrong(&good));
    let cases = [
        Signature { day: "2021-03-04".into(), ..good.clone() },
        Signature { day: "2021-03-09".into(), ..good.clone() },
        Signature { name: " ".into(), ..good.clone() },
        Signature { scan: None, ..good.clone() },
        Signature { mandate: None, ..good.clone() },
        Signature { digest: "e".into(), ..good.clone() },
        Signature { capacity: None, refused: String::new(), ..good.clone() },
    ];
    for one in cases {
        assert!(wrong(&one), "{one:?}");
    }
    assert!(!wrong(&Signature { capacity: None, scan: None, mandate: None, ..good.clone() }));
    assert!(!wrong(&Signature { capacity: Some(Capacity::Deputy), mandate: None, ..good }));
}

#[test]
fn in_force_when_everybody_signed_or_is_said_to_sign_later_or_not_at_all() {
    let ceremony = Ceremony { day: "2021-03-07".into(), ..Ceremony::default() };
    let late = Signature { day: "2021-03-09".into(), ..signature(Some(Capacity::Head)) };
    let on = Some("2021-03-07");
    assert_eq!(signed(None, false, on), Signed::Not);
    assert_eq!(signed(Some(&late), false, on), Signed::Waiting);
    assert_eq!(signed(Some(&late), true, on), Signed::Late);
    assert_eq!(signed(Some(&signature(Some(Capacity::Head))), true, on), Signed::Yes);
    assert_eq!(signed(Some(&signature(None)), true, on), Signed::Refused);
    let of = |all: [Signed; 3]| -> BTreeMap<String, Signed> {
        ["a", "b", "c"].map(str::to_owned).into_iter().zip(all).collect()
    };
    let later = ["c".to_owned()];
    let (yes, not, refused) = (Signed::Yes, Signed::Not, Signed::Refused);
    assert_eq!(not_yet(&of([yes, refused, not]), &later, Some(&ceremony)), []);
    assert_eq!(not_yet(&of([yes, refused, Signed::Late]), &[], Some(&ceremony)), []);
    assert_eq!(not_yet(&of([yes, yes, yes]), &[], None), [NotYet::NoCeremony]);
    assert_eq!(not_yet(&of([yes, yes, not]), &[], Some(&ceremony)), [NotYet::Missing(vec!["c".into()])]);
    assert_eq!(
        not_yet(&of([yes, Signed::Waiting, yes]), &[], Some(&ceremony)),
        [NotYet::Waiting(vec!["b".into()])]
    );
    assert_eq!(not_yet(&of([refused, refused, not]), &later, Some(&ceremony)), [NotYet::Nobody]);
}
