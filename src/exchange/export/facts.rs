//! Everything but the clicks.

use std::path::Path;

use super::{Exported, Sheet};
use crate::exchange::bundle::{ADVOCATES, APPLICATIONS, CAMPAIGNS, CONTENTS, LINKS, SHARES, SIGN_INS};
use crate::exchange::directory::{Names, all_advocates, all_contents};
use crate::exchange::import::usual_vanity;
use crate::exchange::times::{self, Zone};
use crate::exchange::written::{Forms, SIGNED_IN};
use crate::exchange::{Error, Progress};
use crate::model::{AdvocateId, FactId, SpaceId};
use crate::store::exchange::START;
use crate::store::{LinkFilter, Page, Reading};

/// Entities that are read at once.
const PAGE: u32 = 2000;

pub(super) async fn write(
    reading: &mut Reading,
    space: SpaceId,
    folder: &Path,
    zone: &Zone,
    names: &Names,
    exported: &mut Exported,
    progress: &Progress,
) -> Result<(), Error> {
    let mut facts = Facts { reading, space, folder, zone, names, exported, progress };
    facts.advocates().await?;
    facts.campaigns_and_contents().await?;
    facts.links().await?;
    facts.shares().await?;
    facts.sign_ins().await?;
    facts.applications().await
}

struct Facts<'a> {
    reading: &'a mut Reading,
    space: SpaceId,
    folder: &'a Path,
    zone: &'a Zone,
    names: &'a Names,
    exported: &'a mut Exported,
    progress: &'a Progress,
}

impl Facts<'_> {
    /// An instant as it was written.
    fn instant(&self, forms: &Forms, entity: u64, field: &str, at_ms: Option<i64>) -> String {
        match at_ms {
            Some(ms) => forms.cell(entity, field, ms.to_string(), times::write(ms, "", self.zone)),
            None => String::new(),
        }
    }

    fn advocate(&self, id: AdvocateId, key: Option<&str>) -> String {
        match id.known() {
            Some(id) => self.names.advocates.key(id).map_or_else(|| id.to_string(), str::to_owned),
            None => key.unwrap_or_default().to_owned(),
        }
    }

    async fn advocates(&mut self) -> Result<(), Error> {
        let mut sheet = Sheet::new(self.folder, &ADVOCATES, &[], self.progress)?;
        for records in all_advocates(self.reading, self.space).await?.chunks(PAGE as usize) {
            let ids: Vec<u64> = records.iter().map(|record| record.advocate.id.bits()).collect();
            let forms = Forms::read(self.reading, self.space, &ids).await?;
            for record in records {
                let advocate = &record.advocate;
                let id = advocate.id.bits();
                let email = record.email.clone().unwrap_or_default();
                let kind = advocate.kind.as_str().to_owned();
                let registered = self.instant(&forms, id, "advocates.registered_at", advocate.registered_at_ms);
                let optional = |text: &Option<String>| text.clone().unwrap_or_default();
                sheet.row([
                    self.advocate(advocate.id, None),
                    forms.cell(id, "advocates.email", email.clone(), email),
                    optional(&record.name),
                    forms.cell(id, "advocates.kind", kind.clone(), kind),
                    optional(&record.team_name),
                    optional(&advocate.location),
                    optional(&advocate.language),
                    optional(&advocate.cohort),
                    optional(&advocate.invited_on),
                    registered,
                    optional(&advocate.left_on),
                ])?;
            }
        }
        sheet.end(true, self.exported)
    }

    async fn campaigns_and_contents(&mut self) -> Result<(), Error> {
        let campaigns = crate::exchange::directory::campaigns(self.reading, self.space).await?;
        let mut sheet = Sheet::new(self.folder, &CAMPAIGNS, &[], self.progress)?;
        for campaign in campaigns.values() {
            sheet.row([
                campaigns.key(campaign.id).unwrap_or_default(),
                &campaign.name,
                campaign.starts_on.as_deref().unwrap_or_default(),
                campaign.ends_on.as_deref().unwrap_or_default(),
            ])?;
        }
        sheet.end(true, self.exported)?;

        let mut sheet = Sheet::new(self.folder, &CONTENTS, &[], self.progress)?;
        for contents in all_contents(self.reading, self.space).await?.chunks(PAGE as usize) {
            let ids: Vec<u64> = contents.iter().map(|content| content.id.bits()).collect();
            let forms = Forms::read(self.reading, self.space, &ids).await?;
            for content in contents {
                let id = content.id.bits();
                let campaign = content.campaign.known().and_then(|id| campaigns.key(id)).unwrap_or_default();
                sheet.row([
                    self.names.contents.key(content.id).unwrap_or_default(),
                    content.kind.as_str(),
                    &content.title,
                    &forms.cell(id, "contents.url", content.url.clone(), content.url.clone()),
                    campaign,
                    &self.instant(&forms, id, "contents.published_at", content.published_at_ms),
                    &self.instant(&forms, id, "contents.expires_at", content.expires_at_ms),
                ])?;
            }
        }
        sheet.end(true, self.exported)
    }

    async fn links(&mut self) -> Result<(), Error> {
        let mut sheet = Sheet::new(self.folder, &LINKS, &[], self.progress)?;
        let mut after = None;
        loop {
            let page = Page { after, limit: PAGE };
            let links = self.reading.list_links(self.space, &LinkFilter::default(), page).await?;
            let Some(last) = links.last() else { return sheet.end(false, self.exported) };
            after = Some(last.id);
            let ids: Vec<u64> = links.iter().map(|link| link.id.bits()).collect();
            let forms = Forms::read(self.reading, self.space, &ids).await?;
            for link in &links {
                let id = link.id.bits();
                let disabled = link.disabled.to_string();
                sheet.row([
                    link.code.as_str(),
                    &self.advocate(link.advocate, None),
                    self.names.contents.key(link.content).unwrap_or_default(),
                    link.channel.as_str(),
                    &forms.cell(id, "links.vanity", String::new(), usual_vanity(&link.code).to_owned()),
                    &forms.cell(id, "links.disabled", disabled.clone(), disabled),
                ])?;
            }
        }
    }

    async fn shares(&mut self) -> Result<(), Error> {
        let mut sheet = Sheet::new(self.folder, &SHARES, &[], self.progress)?;
        let mut after = START;
        loop {
            let shares = self.reading.page_of_shares(self.space, after, PAGE).await?;
            let Some((last, _)) = shares.last() else { return sheet.end(true, self.exported) };
            after = *last;
            let ids: Vec<u64> = shares.iter().map(|(_, one)| one.share.id.bits()).collect();
            let forms = Forms::read(self.reading, self.space, &ids).await?;
            for (_, one) in &shares {
                let share = &one.share;
                let key = share.external_id.clone().unwrap_or_else(|| share.id.to_string());
                sheet.row([
                    key.as_str(),
                    &self.advocate(share.advocate, one.advocate_key.as_deref()),
                    self.names.contents.key(share.content).unwrap_or_default(),
                    share.channel.as_str(),
                    &self.instant(&forms, share.id.bits(), "shares.shared_at", Some(share.shared_at_ms)),
                ])?;
            }
        }
    }

    async fn sign_ins(&mut self) -> Result<(), Error> {
        let mut sheet = Sheet::new(self.folder, &SIGN_INS, &[], self.progress)?;
        let mut after = START;
        loop {
            let sign_ins = self.reading.page_of_sign_ins(self.space, after, PAGE).await?;
            let Some(last) = sign_ins.last() else { return sheet.end(false, self.exported) };
            after = (last.advocate.bits().cast_signed(), last.signed_in_at_ms);
            let mut ids: Vec<u64> = sign_ins.iter().map(|one| one.advocate.bits()).collect();
            ids.dedup();
            let forms = Forms::read(self.reading, self.space, &ids).await?;
            for one in &sign_ins {
                let at = self.instant(&forms, one.advocate.bits(), SIGNED_IN, Some(one.signed_in_at_ms));
                sheet.row([self.advocate(one.advocate, None), at])?;
            }
        }
    }

    async fn applications(&mut self) -> Result<(), Error> {
        let mut sheet = Sheet::new(self.folder, &APPLICATIONS, &[], self.progress)?;
        let mut after = FactId::NONE;
        loop {
            let facts = self.reading.page_of_bundled_facts(self.space, after, PAGE).await?;
            let Some(last) = facts.last() else { return sheet.end(true, self.exported) };
            after = last.fact.id;
            let ids: Vec<u64> = facts.iter().map(|one| one.fact.id.bits()).collect();
            let forms = Forms::read(self.reading, self.space, &ids).await?;
            for one in &facts {
                let fact = &one.fact;
                let at = self.instant(&forms, fact.id.bits(), "applications.occurred_at", Some(fact.occurred_at_ms));
                sheet.row([
                    fact.external_id.as_str(),
                    &self.advocate(fact.advocate, one.advocate_key.as_deref()),
                    fact.content.known().and_then(|id| self.names.contents.key(id)).unwrap_or_default(),
                    fact.channel.as_ref().map(|channel| channel.as_str()).unwrap_or_default(),
                    fact.stage.as_str(),
                    &at,
                ])?;
            }
        }
    }
}
