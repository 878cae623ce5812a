//! A space's colour and logo.

use super::*;
use crate::model::PictureKey;
use crate::programme::look::MAX_LOGO_BYTES;

fn png(bytes: usize) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    file.resize(bytes, 7);
    file
}

async fn set_logo(fixture: &Fixture, file: Option<Vec<u8>>) -> Result<Space, Error> {
    let mut work = fixture.programme.work().await?;
    let space = work.set_logo(fixture.space.id, file).await?;
    work.commit().await?;
    Ok(space)
}

#[tokio::test]
async fn a_logo_is_served_until_another_one_replaces_it() {
    let fixture = Fixture::new().await;
    let first = set_logo(&fixture, Some(png(100))).await.expect("a logo").look.logo.expect("its key");
    let kept = fixture.programme.picture(first).await.expect("reads").expect("the logo");
    assert_eq!((kept.media_type.as_str(), kept.bytes), ("image/png", png(100)));
    let second = set_logo(&fixture, Some(png(MAX_LOGO_BYTES))).await.expect("a logo").look.logo.expect("its key");
    assert_ne!(first, second);
    assert_eq!(fixture.programme.picture(first).await.expect("reads"), None);
    assert_eq!(fixture.programme.space(fixture.space.id).await.expect("reads").look.logo, Some(second));
    let without = set_logo(&fixture, None).await.expect("none");
    assert_eq!((without.look.logo, fixture.programme.picture(second).await.expect("reads")), (None, None));
}

#[tokio::test]
async fn a_logo_is_a_small_picture_and_nothing_else() {
    let fixture = Fixture::new().await;
    for (file, code) in [
        (png(MAX_LOGO_BYTES + 1), "too_large"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(), "not_a_picture"),
        (Vec::new(), "not_a_picture"),
    ] {
        let refused = set_logo(&fixture, Some(file)).await.expect_err("refused");
        assert!(matches!(&refused, Error::Invalid(problems) if problems[0].code == code), "{refused}");
    }
    assert_eq!(fixture.programme.space(fixture.space.id).await.expect("reads").look.logo, None);
}

#[tokio::test]
async fn two_spaces_with_one_file_have_a_logo_each() {
    let fixture = Fixture::new().await;
    let other = fixture.other_space().await;
    let mine = set_logo(&fixture, Some(png(50))).await.expect("a logo").look.logo.expect("its key");
    let mut work = fixture.programme.work().await.expect("work");
    let theirs = work.set_logo(other, Some(png(50))).await.expect("a logo").look.logo.expect("its key");
    work.commit().await.expect("a commit");
    assert_eq!(mine, PictureKey::of_upload(fixture.space.id, &png(50)));
    assert_ne!(mine, theirs);
    assert!(fixture.programme.picture(mine).await.expect("reads").is_some());
}

#[tokio::test]
async fn a_colour_is_checked_and_can_be_taken_back() {
    let fixture = Fixture::new().await;
    let with = |accent: Field<String>| {
        let fields = SpaceFields { accent, ..SpaceFields::default() };
        let programme = fixture.programme.clone();
        async move { programme.create_or_update_space("acme", &fields).await.map(|(space, _)| space.look.accent) }
    };
    let accent = with(text("#E4002b")).await.expect("a colour").expect("it stands");
    assert_eq!(accent.to_string(), "#e4002b");
    let refused = with(text("red; background: url(//evil.test)")).await.expect_err("refused");
    assert!(matches!(&refused, Error::Invalid(problems) if problems[0].field == "accent"), "{refused}");
    assert_eq!(with(Field::Null).await.expect("none"), None);
}
