//! The one click on which a credit depends.

use std::str::FromStr;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use uuid::Uuid;

use super::filter::{Names, columns, instant};
use super::{ClickLog, LogError};
use crate::model::click_id::storable_ms;
use crate::model::{ClickQuestion, CreditClick, LinkId, SpaceId};
use crate::warehouse::{CallError, LoggedClick, Select};

/// How long one question may take: whoever sent the message waits for it.
const WITHIN: Duration = Duration::from_secs(5);
/// Questions that are asked at the same time.
const AT_ONCE: usize = 4;
/// Version of a click's UUID.
const VERSION: usize = 7;

impl ClickLog {
    /// The click of this id, whatever it was. The id holds the click's instant, so one month is looked at.
    ///
    /// # Errors
    /// [`LogError`], within 7 s.
    pub async fn find(&self, space: SpaceId, click: Uuid) -> Result<Option<CreditClick>, LogError> {
        if click.get_version_num() != VERSION {
            return Ok(None);
        }
        let at_ms = (click.as_u128() >> 80) as i64; // the upper 48 bits
        let mut select = Select::new(
            format!(
                "SELECT {} FROM clicks AS c FINAL WHERE c.space_id = {{space:String}} AND c.clicked_at = {} \
                 AND c.click_id = {{click:UUID}} LIMIT 1",
                columns(Names::Shown),
                instant("at")
            ),
            WITHIN,
        );
        select.bind("space", space.to_string()).bind("at", storable_ms(at_ms)).bind("click", click.to_string());
        self.one(&select).await
    }

    /// The last click on a link, between two instants (both included), by a person who was sent on to the content.
    ///
    /// # Errors
    /// [`LogError`], within 7 s.
    pub async fn last_of_link(
        &self,
        space: SpaceId,
        link: LinkId,
        content: crate::model::ContentId,
        from_ms: i64,
        through_ms: i64,
    ) -> Result<Option<CreditClick>, LogError> {
        let mut select = Select::new(
            format!(
                "SELECT {} FROM clicks AS c FINAL WHERE c.space_id = {{space:String}} \
                 AND c.content_id = {{content:String}} AND c.clicked_at >= {} AND c.clicked_at <= {} \
                 AND c.link_id = {{link:String}} AND c.class = 'human' AND c.answer = 'content' \
                 ORDER BY c.clicked_at DESC, c.spool_id DESC, c.lane DESC, c.segment DESC, c.record DESC LIMIT 1",
                columns(Names::Shown),
                instant("from"),
                instant("through")
            ),
            WITHIN,
        );
        select
            .bind("space", space.to_string())
            .bind("content", content.to_string())
            .bind("link", link.to_string())
            .bind("from", storable_ms(from_ms))
            .bind("through", storable_ms(through_ms));
        self.one(&select).await
    }

    /// Each question with the click that answers it, in their order; none where there is no such click. At most
    /// [`AT_ONCE`] are asked at the same time.
    ///
    /// # Errors
    /// The first [`LogError`].
    pub async fn answer(
        &self,
        space: SpaceId,
        questions: &[ClickQuestion],
    ) -> Result<Vec<(ClickQuestion, Option<CreditClick>)>, LogError> {
        let ask = async |question: ClickQuestion| {
            let found = match question {
                ClickQuestion::Click(click) => self.find(space, click).await?,
                ClickQuestion::LastOf { link, content, from_ms, through_ms } => {
                    self.last_of_link(space, link, content, from_ms, through_ms).await?
                }
            };
            Ok((question, found))
        };
        stream::iter(questions.iter().copied()).map(ask).buffered(AT_ONCE).try_collect().await
    }

    async fn one(&self, select: &Select) -> Result<Option<CreditClick>, LogError> {
        let found: Vec<LoggedClick> = self.ask(select).await?;
        found.into_iter().next().map(|click| read(&click)).transpose()
    }
}

fn read(click: &LoggedClick) -> Result<CreditClick, LogError> {
    Ok(CreditClick {
        click: click.click_id,
        clicked_at_ms: click.clicked_at_ms,
        link: known("link_id", &click.link_id)?.unwrap_or_default(),
        content: known("content_id", &click.content_id)?.unwrap_or_default(),
        advocate: known("advocate_id", &click.advocate_id)?.unwrap_or_default(),
        channel: known("channel", &click.channel)?,
        class: word("class", &click.class)?,
        answer: word("answer", &click.answer)?,
    })
}

/// A column that may be empty.
fn known<T: FromStr>(column: &str, text: &str) -> Result<Option<T>, LogError> {
    if text.is_empty() { Ok(None) } else { word(column, text).map(Some) }
}

fn word<T: FromStr>(column: &str, text: &str) -> Result<T, LogError> {
    text.parse().map_err(|_| LogError::Failed(CallError::Answer(format!("an unknown {column}: {text}"))))
}
