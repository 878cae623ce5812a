//! A click as the API, the downloads and `click.recorded` show it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::kpi::clicks::LoggedClick;
use crate::programme::times::format_instant;

macro_rules! click_view {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// One click. What is not known, or withheld, is null.
        #[derive(Debug, Clone, Serialize, ToSchema)]
        pub struct ClickView {
            /// UUID of version 7; the destination may have got it as `rid`.
            pub click_id: String,
            /// When.
            #[schema(format = DateTime)]
            pub clicked_at: String,
            /// The HTTP status of the answer.
            pub status: u16,
            $($(#[$doc])* pub $name: Option<String>),+
        }

        impl ClickView {
            /// The columns of a download, in order.
            pub(super) const COLUMNS: &[&str] = &["click_id", "clicked_at", "status", $(stringify!($name)),+];

            /// The cells of a download, in the order of the columns; what is null is empty.
            pub(super) fn cells(self) -> Vec<String> {
                let mut cells = vec![self.click_id, self.clicked_at, self.status.to_string()];
                $(cells.push(self.$name.unwrap_or_default());)+
                cells
            }
        }

        impl From<LoggedClick> for ClickView {
            fn from(click: LoggedClick) -> Self {
                Self {
                    click_id: click.click_id.to_string(),
                    clicked_at: format_instant(click.clicked_at_ms),
                    status: click.status,
                    $($name: Some(click.$name).filter(|text| !text.is_empty())),+
                }
            }
        }
    };
}

click_view! {
    /// Who asked: `human`, `preview`, `bot`, `scanner`, `prefetch`, `head`, `self`.
    class,
    /// Why that is believed.
    class_reason,
    /// What was answered: `content`, `fallback`, `card`, `gone`.
    answer,
    /// Where it was shared.
    channel,
    /// What stood behind the slash; a named figure.
    code,
    /// The link; a named figure.
    link_id,
    /// Whose link it was; a named figure.
    advocate_id,
    /// That person's team.
    team_id,
    /// That person's cohort.
    cohort,
    /// The content.
    content_id,
    /// Its kind.
    content_kind,
    /// Its campaign.
    campaign_id,
    /// From the referrer's host.
    network,
    /// Two letters.
    country,
    /// Of that country.
    region,
    /// Of that region.
    city,
    /// `desktop`, `mobile`, …
    device,
    /// Operating system.
    os,
    /// Browser.
    browser,
    /// First language that the browser asked for.
    language,
    /// Pseudonym of that day.
    visitor,
    /// Of the request.
    utm_source,
    /// Of the request.
    utm_medium,
    /// Of the request.
    utm_campaign,
    /// Of the request.
    utm_term,
    /// Of the request.
    utm_content,
}
