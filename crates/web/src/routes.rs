//! Every address with who may come in. There is no other way to add one: an address without an access does not compile.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, any, get, post};

use crate::access::{Access, Doing};
use crate::api;
use crate::assets;
use crate::gate::gate;
use crate::pages::{
    account, agreement, board, calendar, circulars, city, clock, desk, draft, draft_compare, draft_edit,
    draft_frame, draft_library, draft_reply, draft_round, draft_signing, draft_signing_page, draft_targets,
    draft_titles, draft_unit, drafts, forgotten, handovers, home, known, lists, login, mapping, matter,
    matter_form, matter_join, matter_pictures, matter_steps, matter_voices, notices, opinions, passkeys,
    people, problem, questions, record, record_form, records, registry, releases, review, review_points,
    review_report, search, setup, setup_calendar, sign_on, telling, templates, terms, tokens, trail, uploads,
    work, workbooks,
};
use crate::state::State;

/// An address.
pub struct Route {
    /// `GET` or `POST`; for programs also `PUT` and `DELETE`.
    pub method: &'static str,
    /// The pattern, with `{cluster}` and `{unit}` where its access is about them.
    pub path: &'static str,
    /// Who may come in.
    pub access: Access,
    handler: MethodRouter<State>,
}

fn read(path: &'static str, access: Access, handler: MethodRouter<State>) -> Route {
    Route { method: "GET", path, access, handler }
}

fn write(path: &'static str, access: Access, handler: MethodRouter<State>) -> Route {
    Route { method: "POST", path, access, handler }
}

/// All of them.
pub fn routes() -> Vec<Route> {
    use Access::{Admin, Board, City, Head, Inside, Person, Public, Unit};
    use Doing::{Bring, Confirm, Propose, Read};
    let mut routes = vec![
        read("/", Public, get(home::get)),
        read("/assets/{name}", Public, get(assets::get)),
        read("/lang/{lang}", Public, get(account::lang)),
        read("/healthz", Public, get(home::alive)),
        read("/readyz", Public, get(home::ready)),
        read("/clock", Public, get(clock::get)),
        read("/terms", Public, get(terms::get)),
        read("/search", Public, get(search::get)),
        read("/login", Public, get(login::get)),
        write("/login", Public, post(login::post)),
        write("/login/second", Public, post(login::second)),
        read("/login/with/{provider}", Public, get(sign_on::begin)),
        read("/login/with/{provider}/back", Public, get(sign_on::end)),
        read("/forgotten", Public, get(forgotten::get)),
        write("/forgotten", Public, post(forgotten::post)),
        write("/logout", Person, post(login::out)),
        read("/welcome/{ticket}", Public, get(account::welcome)),
        write("/welcome/{ticket}", Public, post(account::accept)),
        read("/me", Person, get(account::get)),
        write("/me/password", Person, post(account::password)),
        write("/me/sessions", Person, post(account::end_session)),
        write("/me/second", Person, post(account::second)),
        read("/me/passkeys", Person, get(passkeys::get)),
        write("/me/passkeys", Person, post(passkeys::add)),
        write("/me/passkeys/{passkey}/remove", Person, post(passkeys::remove)),
        write("/me/notices", Person, post(account::notices)),
        read("/notices", Person, get(notices::get)),
        write("/notices/read", Person, post(notices::read_all)),
        write("/notices/wishes", Person, post(notices::wish)),
        write("/notices/{notice}/read", Person, post(notices::read)),
        read("/city", City, get(city::get)),
        read("/city/circulars", City, get(circulars::get)),
        write("/city/circulars", Board, post(circulars::write)),
        read("/city/signals", City, get(lists::signals)),
        read("/city/people", City, get(lists::persons)),
        read("/city/kinds", City, get(lists::of_kinds)),
        read("/city/trail", City, get(lists::of_trail)),
        read("/city/lists/{list}", City, get(lists::get)),
        read("/templates", Person, get(templates::get)),
        read("/templates/{file}", Person, get(templates::file)),
        read("/circulars/{circular}", Person, get(circulars::one)),
        read("/circulars/{circular}/files/{file}", Person, get(circulars::file)),
        write("/circulars/{circular}/reply", Person, post(circulars::reply)),
        read("/handovers/{handover}", Person, get(handovers::one)),
        write("/handovers/{handover}", Person, post(handovers::change)),
        write("/handovers/{handover}/receive", Person, post(handovers::receive)),
        write("/handovers/{handover}/correct", Person, post(handovers::correct)),
        read("/people", Admin, get(people::get)),
        write("/people", Admin, post(people::invite)),
        write("/people/{person}/link", Admin, post(people::link)),
        write("/people/{person}/account", Admin, post(people::account)),
        write("/people/{person}/second", Admin, post(people::no_second)),
        write("/people/roles/{role}/end", Admin, post(people::end)),
        write("/people/letters/{letter}/again", Admin, post(people::again)),
        read("/people/trail", Admin, get(trail::accounts)),
        read("/c/{cluster}/", Public, get(board::latest)),
        read("/c/{cluster}/{page}", Public, get(board::latest_page)),
        read("/c/{cluster}/search", Public, get(search::of_cluster)),
        read("/c/{cluster}/releases", Public, get(releases::get)),
        write("/c/{cluster}/releases", Head, post(releases::plan)),
        read("/c/{cluster}/r/{number}/", Public, get(board::release)),
        read("/c/{cluster}/r/{number}/{page}", Public, get(board::release_page)),
        read("/c/{cluster}/now/", Inside, get(board::now)),
        read("/c/{cluster}/now/{page}", Inside, get(board::now_page)),
        read("/c/{cluster}/questions", Inside, get(questions::get)),
        read("/c/{cluster}/units", Inside, get(desk::units)),
        read("/c/{cluster}/registry", Inside, get(registry::get)),
        read("/c/{cluster}/setup", Board, get(setup::get)),
        write("/c/{cluster}/setup", Board, post(setup::post)),
        read("/c/{cluster}/setup/calendar", Board, get(setup_calendar::get)),
        write("/c/{cluster}/setup/calendar", Board, post(setup_calendar::post)),
        read("/c/{cluster}/handover", Inside, get(handovers::get)),
        write("/c/{cluster}/handover", Head, post(handovers::write)),
        read("/c/{cluster}/known", Inside, get(known::get)),
        write("/c/{cluster}/known", Inside, post(known::ask)),
        read("/c/{cluster}/known/{recount}/{name}", Inside, get(known::file)),
        read("/c/{cluster}/trail", Inside, get(trail::get)),
        read("/feed.atom", Public, get(telling::city_feed)),
        read("/c/{cluster}/feed.atom", Public, get(telling::cluster_feed)),
        read("/c/{cluster}/calendar", Public, get(calendar::get)),
        write("/c/{cluster}/calendar", Head, post(calendar::post)),
        read("/c/{cluster}/calendar.ics", Public, get(calendar::ics)),
        read("/c/{cluster}/calendar/{event}", Public, get(calendar::day)),
        read("/c/{cluster}/unit/{unit}/", Public, get(telling::portrait)),
        read("/c/{cluster}/bulletin/", Public, get(telling::bulletins)),
        read("/c/{cluster}/bulletin/{month}", Public, get(telling::bulletin)),
        read("/c/{cluster}/press", Public, get(telling::press)),
        read("/c/{cluster}/year/", Public, get(work::overview)),
        read("/c/{cluster}/year/{sort}/", Public, get(work::list)),
        read("/c/{cluster}/year/{sort}/list.csv", Public, get(work::csv)),
        read("/c/{cluster}/year/{sort}/list.xlsx", Public, get(work::xlsx)),
        read("/c/{cluster}/year/{sort}/{code}/", Public, get(matter::get)),
        write("/c/{cluster}/year/{sort}/{code}/ask", Public, post(matter_voices::ask)),
        read("/c/{cluster}/year/{sort}/{code}/opinions", Public, get(opinions::get)),
        write("/c/{cluster}/year/{sort}/{code}/opinions", Public, post(opinions::post)),
        read("/c/{cluster}/year/{sort}/{code}/files/{file}", Public, get(matter::file)),
        read("/c/{cluster}/desk/{unit}/year/{sort}/new", Unit(Propose), get(matter_form::new)),
        write("/c/{cluster}/desk/{unit}/year/{sort}/new", Unit(Propose), post(matter_form::begin)),
        read("/c/{cluster}/desk/{unit}/year/{sort}/{code}/edit", Unit(Propose), get(matter_form::edit)),
        write("/c/{cluster}/desk/{unit}/year/{sort}/{code}/edit", Unit(Propose), post(matter_form::save)),
        write("/c/{cluster}/desk/{unit}/year/{sort}/{code}/step", Unit(Propose), post(matter_steps::step)),
        write("/c/{cluster}/desk/{unit}/year/{sort}/{code}/back", Unit(Bring), post(matter_steps::back)),
        write(
            "/c/{cluster}/desk/{unit}/year/{sort}/{code}/withdraw",
            Unit(Propose),
            post(matter_steps::withdraw),
        ),
        write(
            "/c/{cluster}/desk/{unit}/year/{sort}/{code}/questions",
            Unit(Bring),
            post(matter_voices::answer),
        ),
        write(
            "/c/{cluster}/desk/{unit}/year/{sort}/{code}/pictures/{file}",
            Unit(Bring),
            post(matter_pictures::post),
        ),
        write(
            "/c/{cluster}/desk/{unit}/year/{sort}/{code}/files/{file}",
            Unit(Bring),
            post(matter_pictures::unshow),
        ),
        write("/c/{cluster}/year/review/{code}/points", Head, post(review_points::point)),
        read("/c/{cluster}/year/review/{code}/paper/{paper}", Inside, get(review::file)),
        read("/c/{cluster}/desk/{unit}/report/{code}", Unit(Bring), get(review_report::get)),
        write("/c/{cluster}/desk/{unit}/report/{code}", Unit(Bring), post(review_report::post)),
        write("/c/{cluster}/desk/{unit}/mend/{code}", Unit(Bring), post(review_points::mend)),
        read("/c/{cluster}/desk/{unit}/join/{home}/{sort}/{code}", Unit(Bring), get(matter_join::join)),
        write("/c/{cluster}/desk/{unit}/join/{home}/{sort}/{code}", Unit(Bring), post(matter_join::joining)),
        read("/c/{cluster}/desk/{unit}/", Unit(Read), get(desk::get)),
        write("/c/{cluster}/desk/{unit}/nil", Unit(Bring), post(desk::nil)),
        write("/c/{cluster}/desk/{unit}/nil/confirm", Unit(Confirm), post(desk::nil_confirm)),
        write("/c/{cluster}/desk/{unit}/confirm", Unit(Confirm), post(desk::confirm)),
        write("/c/{cluster}/desk/{unit}/contest", Unit(Bring), post(desk::contest)),
        write("/c/{cluster}/desk/{unit}/answer", Unit(Bring), post(desk::answer)),
        write("/c/{cluster}/desk/{unit}/reply", Unit(Bring), post(questions::reply)),
        read("/c/{cluster}/desk/{unit}/workbook.xlsx", Unit(Read), get(workbooks::prefilled)),
        read("/c/{cluster}/desk/{unit}/template/{file}", Unit(Read), get(workbooks::template)),
        write("/c/{cluster}/desk/{unit}/uploads", Unit(Bring), post(uploads::bring)),
        read("/c/{cluster}/desk/{unit}/find", Unit(Read), get(records::find)),
        read("/c/{cluster}/desk/{unit}/records/{kind}/", Unit(Read), get(records::get)),
        read("/c/{cluster}/desk/{unit}/records/{kind}/new", Unit(Bring), get(record_form::new)),
        write("/c/{cluster}/desk/{unit}/records/{kind}/near", Unit(Bring), post(record_form::near)),
        write("/c/{cluster}/desk/{unit}/records/{kind}/new", Unit(Bring), post(record_form::save)),
        read("/c/{cluster}/desk/{unit}/records/{kind}/of/{key}/", Unit(Read), get(record::get)),
        read("/c/{cluster}/desk/{unit}/records/{kind}/of/{key}/edit", Unit(Bring), get(record_form::edit)),
        write(
            "/c/{cluster}/desk/{unit}/records/{kind}/of/{key}/edit",
            Unit(Bring),
            post(record_form::correct),
        ),
        write(
            "/c/{cluster}/desk/{unit}/records/{kind}/of/{key}/withdraw",
            Unit(Bring),
            post(record::withdraw),
        ),
        read("/c/{cluster}/desk/{unit}/records/{kind}/of/{key}/files/{file}", Unit(Read), get(record::file)),
        write(
            "/c/{cluster}/desk/{unit}/records/{kind}/of/{key}/files/{file}",
            Unit(Bring),
            post(record::unshow),
        ),
        write("/c/{cluster}/desk/{unit}/drafts/{draft}/forget", Unit(Bring), post(record_form::forget)),
        read("/c/{cluster}/desk/{unit}/uploads/{upload}", Unit(Read), get(uploads::get)),
        read("/c/{cluster}/desk/{unit}/uploads/{upload}/rejects.xlsx", Unit(Bring), get(uploads::rejects)),
        write("/c/{cluster}/desk/{unit}/uploads/{upload}/kind", Unit(Bring), post(uploads::kind)),
        write("/c/{cluster}/desk/{unit}/uploads/{upload}/columns", Unit(Bring), post(mapping::choose)),
        write("/c/{cluster}/desk/{unit}/uploads/{upload}/forget", Unit(Bring), post(mapping::forget)),
        write("/c/{cluster}/desk/{unit}/uploads/{upload}/load", Unit(Bring), post(uploads::load)),
        write("/c/{cluster}/desk/{unit}/uploads/{upload}/undo", Unit(Bring), post(uploads::undo)),
        read("/c/{cluster}/agreement", Public, get(agreement::get)),
        read("/c/{cluster}/agreement/print", Public, get(agreement::print)),
        read("/c/{cluster}/agreement/agreement.toml", Public, get(agreement::file)),
        read("/c/{cluster}/agreement/{number}", Public, get(agreement::one)),
        read("/c/{cluster}/agreement/{number}/print", Public, get(agreement::print_of)),
        read("/c/{cluster}/agreement/{number}/text", Public, get(agreement::file_of)),
        read("/c/{cluster}/agreement/drafts", Inside, get(drafts::get)),
        write("/c/{cluster}/agreement/drafts", Head, post(drafts::begin)),
        write("/c/{cluster}/agreement/next-year", Head, post(drafts::next_year)),
        read("/c/{cluster}/agreement/drafts/{number}/", Inside, get(draft::get)),
        read("/c/{cluster}/agreement/drafts/{number}/print", Inside, get(agreement::print_draft)),
        read("/c/{cluster}/agreement/drafts/{number}/compare", Inside, get(draft_compare::get)),
        read("/c/{cluster}/agreement/drafts/{number}/text", Head, get(draft_edit::text)),
        write("/c/{cluster}/agreement/drafts/{number}/text", Head, post(draft_edit::save_text)),
        read("/c/{cluster}/agreement/drafts/{number}/clause/{clause}", Head, get(draft_edit::clause)),
        write("/c/{cluster}/agreement/drafts/{number}/clause/{clause}", Head, post(draft_edit::save_clause)),
        read("/c/{cluster}/agreement/drafts/{number}/library", Head, get(draft_library::list)),
        read("/c/{cluster}/agreement/drafts/{number}/library/{measure}", Head, get(draft_library::measure)),
        write("/c/{cluster}/agreement/drafts/{number}/library/{measure}", Head, post(draft_library::add)),
        read("/c/{cluster}/agreement/drafts/{number}/target/{target}", Head, get(draft_targets::target)),
        write("/c/{cluster}/agreement/drafts/{number}/target/{target}", Head, post(draft_targets::save)),
        read("/c/{cluster}/agreement/drafts/{number}/amend", Head, get(draft_targets::amend)),
        write("/c/{cluster}/agreement/drafts/{number}/amend", Head, post(draft_targets::save_amendment)),
        read("/c/{cluster}/agreement/drafts/{number}/frame", Head, get(draft_frame::get)),
        write("/c/{cluster}/agreement/drafts/{number}/frame", Head, post(draft_frame::save)),
        read("/c/{cluster}/agreement/drafts/{number}/score", Head, get(draft_frame::score)),
        write("/c/{cluster}/agreement/drafts/{number}/score", Head, post(draft_frame::save_score)),
        write("/c/{cluster}/agreement/drafts/{number}/circulate", Head, post(draft_round::circulate)),
        write("/c/{cluster}/agreement/drafts/{number}/remind", Head, post(draft_round::remind)),
        write("/c/{cluster}/agreement/drafts/{number}/reply", Head, post(draft_reply::reply)),
        write("/c/{cluster}/agreement/drafts/{number}/assemble", Head, post(draft_round::assemble)),
        write("/c/{cluster}/agreement/drafts/{number}/drop", Head, post(draft_round::drop)),
        read("/c/{cluster}/agreement/drafts/{number}/units/{unit}", Unit(Read), get(draft_unit::unit)),
        write(
            "/c/{cluster}/agreement/drafts/{number}/units/{unit}/opinion",
            Unit(Bring),
            post(draft_unit::speak),
        ),
        write(
            "/c/{cluster}/agreement/drafts/{number}/units/{unit}/paragraph",
            Unit(Bring),
            post(draft_unit::paragraph),
        ),
        read("/c/{cluster}/agreement/drafts/{number}/titles", Inside, get(draft_titles::all)),
        read(
            "/c/{cluster}/agreement/drafts/{number}/units/{unit}/titles",
            Unit(Read),
            get(draft_titles::get),
        ),
        write(
            "/c/{cluster}/agreement/drafts/{number}/units/{unit}/titles",
            Unit(Bring),
            post(draft_titles::save),
        ),
        write("/c/{cluster}/agreement/drafts/{number}/freeze", Head, post(draft_signing::freeze)),
        write("/c/{cluster}/agreement/drafts/{number}/reopen", Head, post(draft_signing::reopen)),
        read("/c/{cluster}/agreement/drafts/{number}/signing", Inside, get(draft_signing_page::get)),
        write("/c/{cluster}/agreement/drafts/{number}/ceremony", Head, post(draft_signing::ceremony)),
        write(
            "/c/{cluster}/agreement/drafts/{number}/units/{unit}/signature",
            Unit(Bring),
            post(draft_signing::signature),
        ),
        write("/c/{cluster}/agreement/drafts/{number}/certify/{unit}", Head, post(draft_signing::certify)),
        write("/c/{cluster}/agreement/drafts/{number}/later", Head, post(draft_signing::later)),
        write("/c/{cluster}/agreement/drafts/{number}/force", Head, post(draft_signing::force)),
        read("/c/{cluster}/agreement/drafts/{number}/scans/{unit}", Inside, get(draft_signing::scan)),
        read("/c/{cluster}/agreement/drafts/{number}/mandates/{unit}", Inside, get(draft_signing::mandate)),
        read("/api/", Public, get(api::page)),
        read("/c/{cluster}/desk/{unit}/tokens", Unit(Read), get(tokens::get)),
        write("/c/{cluster}/desk/{unit}/tokens", Unit(Confirm), post(tokens::make)),
        write("/c/{cluster}/desk/{unit}/tokens/{token}/revoke", Unit(Confirm), post(tokens::revoke)),
        read("/c/{cluster}/tokens", Head, get(tokens::get_all)),
        write("/c/{cluster}/tokens", Head, post(tokens::make_all)),
        write("/c/{cluster}/tokens/{token}/revoke", Head, post(tokens::revoke_all)),
    ];
    routes.extend(api::operations().into_iter().map(|operation| {
        let api::Operation { method, path, access, handler, .. } = operation;
        Route { method, path, access, handler }
    }));
    routes
}

/// The whole site.
pub fn router(state: State) -> Router {
    let limit = usize::try_from(state.site.upload_limit).unwrap_or(usize::MAX).saturating_add(1 << 20);
    let mut router = Router::new();
    for route in routes() {
        let layer = from_fn_with_state((state.clone(), route.access), gate);
        // Only files are great; they are counted while they come.
        let evidence = crate::evidence::FILES * crate::evidence::MOST + (2 << 20);
        let body = match route.path {
            path if path.ends_with("/uploads") => limit,
            "/city/circulars" => evidence,
            path if path.contains("/records/") && path.ends_with(['w', 't']) => evidence,
            path if path.contains("/desk/{unit}/year/") && path.ends_with(['w', 't', 'p']) => evidence,
            path if path.ends_with("/signature") => evidence,
            _ => 2 << 20,
        };
        router = router.route(route.path, route.handler.layer(DefaultBodyLimit::max(body)).layer(layer));
    }
    let fallback = from_fn_with_state((state.clone(), Access::Public), gate);
    router.fallback_service(any(problem::nowhere).layer(fallback).with_state(state.clone())).with_state(state)
}
