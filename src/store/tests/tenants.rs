//! Nothing crosses a space.

use super::*;

#[tokio::test]
async fn an_id_of_another_space_finds_nothing() {
    let (_home, store) = store(Clock::system()).await;
    let (one, two) = (fill(&store, 1).await, fill(&store, 2).await);
    let mut reading = store.read().await.expect("a transaction");
    assert_eq!(reading.advocate(two, AdvocateId::from_bits(1)).await.expect("reads"), None);
    assert_eq!(reading.campaign(two, CampaignId::from_bits(1)).await.expect("reads"), None);
    assert_eq!(reading.content(two, ContentId::from_bits(1)).await.expect("reads"), None);
    assert_eq!(reading.link(two, LinkId::from_bits(1)).await.expect("reads"), None);
    assert!(reading.contents_of(two, &[ContentId::from_bits(1)]).await.expect("reads").is_empty());
    assert!(reading.advocates_of(two, &[AdvocateId::from_bits(1)]).await.expect("reads").is_empty());
    let mut writing = store.write().await.expect("a transaction");
    writing.put_team(&team(1)).await.expect("a team");
    writing.insert_share(&share(1)).await.expect("a share");
    writing.commit().await.expect("a commit");
    drop(reading);
    let mut reading = store.read().await.expect("a transaction");
    assert_eq!(reading.team(two, team(1).id).await.expect("reads"), None);
    assert_eq!(reading.share(two, share(1).id).await.expect("reads"), None);
    assert_eq!(reading.share(one, share(1).id).await.expect("reads"), Some(share(1)));
    let page = Page { after: None, limit: 100 };
    let links = reading.list_links(one, &LinkFilter::default(), page).await.expect("reads");
    assert_eq!(links, [link(1, 1)]);
}

#[tokio::test]
async fn names_are_those_of_one_space_as_they_are_written() {
    const ODD: &str = "Zoé \"O’Neill\" \\ <b>, 李";
    let (_home, store) = store(Clock::system()).await;
    let (one, two) = (fill(&store, 1).await, fill(&store, 2).await);
    let odd = AdvocateRecord { name: Some(ODD.to_owned()), ..AdvocateRecord::blank(AdvocateId::from_bits(7), two) };
    let nameless = AdvocateRecord::blank(AdvocateId::from_bits(8), two);
    let mut writing = store.write().await.expect("a transaction");
    for record in [&odd, &nameless] {
        writing.put_advocate(record).await.expect("an advocate");
    }
    writing.commit().await.expect("a commit");
    let mut reading = store.read().await.expect("a transaction");
    let known = advocate(2).name.expect("a name");
    let names = [(AdvocateId::from_bits(2), known), (AdvocateId::from_bits(7), ODD.to_owned())];
    assert_eq!(reading.names(two).await.expect("reads"), names.into());
    assert_eq!(reading.names(one).await.expect("reads").len(), 1);
    assert!(reading.names(SpaceId::from_bits(9)).await.expect("reads").is_empty());
}

#[tokio::test]
async fn the_engine_itself_refuses_a_reference_into_another_space() {
    let (_home, store) = store(Clock::system()).await;
    let (one, _two) = (fill(&store, 1).await, fill(&store, 2).await);
    let mut writing = store.write().await.expect("a transaction");
    let crossing = Link { content: ContentId::from_bits(2), ..link(1, 9) };
    assert!(writing.insert_links(one, &[crossing]).await.is_err());
    let crossing = Link { advocate: AdvocateId::from_bits(2), ..link(1, 9) };
    assert!(writing.insert_links(one, &[crossing]).await.is_err());
    let crossing = Share { content: ContentId::from_bits(2), ..share(1) };
    assert!(writing.insert_share(&crossing).await.is_err());
    let crossing = Content { campaign: CampaignId::from_bits(2), ..content(1) };
    assert!(writing.put_content(&crossing).await.is_err());
}

#[tokio::test]
async fn a_host_belongs_to_one_space() {
    let (_home, store) = store(Clock::system()).await;
    fill(&store, 1).await;
    let mut writing = store.write().await.expect("a transaction");
    let thief = Space { hosts: vec!["a1.test".to_owned()], ..space(2) };
    assert!(matches!(writing.put_space(&thief).await, Err(StoreError::Conflict(_))));
}

#[tokio::test]
async fn links_whose_three_or_code_are_taken_are_left_out() {
    let (_home, store) = store(Clock::system()).await;
    let space = fill(&store, 1).await;
    let mut writing = store.write().await.expect("a transaction");
    let same_three = Link { id: LinkId::from_bits(10), code: "code-10".parse().expect("a code"), ..link(1, 1) };
    let same_code = Link { code: link(1, 1).code, ..link(1, 11) };
    let fresh = link(1, 12);
    let inserted = writing.insert_links(space, &[same_three, same_code, fresh.clone()]).await.expect("inserts");
    assert_eq!(inserted.into_iter().collect::<Vec<_>>(), [fresh.id]);
    writing.commit().await.expect("a commit");
    let changes = store.changes_since(5, 10).await.expect("changes");
    assert_eq!(
        changes.into_iter().map(|change| change.entity).collect::<Vec<_>>(),
        [crate::model::Entity::Link(fresh)]
    );
}

#[tokio::test]
async fn many_links_are_inserted_and_listed_in_the_order_of_creation() {
    let (_home, store) = store(Clock::system()).await;
    let space = fill(&store, 1).await;
    let links: Vec<_> = (2..=1300).map(|n| link(1, n)).collect();
    let mut writing = store.write().await.expect("a transaction");
    assert_eq!(writing.insert_links(space, &links).await.expect("inserts").len(), links.len());
    writing.commit().await.expect("a commit");
    assert_eq!(store.latest_seq().await.expect("reads"), 5 + links.len() as u64);
    let mut reading = store.read().await.expect("a transaction");
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = reading.list_links(space, &LinkFilter::default(), Page { after, limit: 200 }).await.expect("reads");
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        seen.extend(page.into_iter().map(|link| link.id.bits()));
    }
    assert_eq!(seen, (1..=1300).collect::<Vec<_>>());
}
