//! Every address with who may come in. There is no other way to add one: an address without an access does not compile.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};

use crate::access::{Access, Doing};
use crate::assets;
use crate::gate::gate;
use crate::pages::{
    account, board, clock, desk, home, login, mapping, people, problem, releases, trail, uploads, workbooks,
};
use crate::state::State;

/// An address.
pub struct Route {
    /// `GET` or `POST`.
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
    use Access::{Admin, Head, Inside, Person, Public, Unit};
    use Doing::{Bring, Confirm, Read};
    vec![
        read("/", Public, get(home::get)),
        read("/assets/{name}", Public, get(assets::get)),
        read("/lang/{lang}", Public, get(account::lang)),
        read("/healthz", Public, get(home::alive)),
        read("/readyz", Public, get(home::ready)),
        read("/clock", Public, get(clock::get)),
        read("/login", Public, get(login::get)),
        write("/login", Public, post(login::post)),
        write("/logout", Person, post(login::out)),
        read("/welcome/{ticket}", Public, get(account::welcome)),
        write("/welcome/{ticket}", Public, post(account::accept)),
        read("/me", Person, get(account::get)),
        write("/me/password", Person, post(account::password)),
        write("/me/sessions", Person, post(account::end_session)),
        write("/me/second", Person, post(account::second)),
        read("/people", Admin, get(people::get)),
        write("/people", Admin, post(people::invite)),
        write("/people/{person}/link", Admin, post(people::link)),
        write("/people/{person}/account", Admin, post(people::account)),
        write("/people/roles/{role}/end", Admin, post(people::end)),
        read("/c/{cluster}/", Public, get(board::latest)),
        read("/c/{cluster}/{page}", Public, get(board::latest_page)),
        read("/c/{cluster}/releases", Public, get(releases::get)),
        write("/c/{cluster}/releases", Head, post(releases::plan)),
        read("/c/{cluster}/r/{number}/", Public, get(board::release)),
        read("/c/{cluster}/r/{number}/{page}", Public, get(board::release_page)),
        read("/c/{cluster}/now/", Inside, get(board::now)),
        read("/c/{cluster}/now/{page}", Inside, get(board::now_page)),
        read("/c/{cluster}/units", Inside, get(desk::units)),
        read("/c/{cluster}/trail", Inside, get(trail::get)),
        read("/c/{cluster}/desk/{unit}/", Unit(Read), get(desk::get)),
        write("/c/{cluster}/desk/{unit}/nil", Unit(Bring), post(desk::nil)),
        write("/c/{cluster}/desk/{unit}/nil/confirm", Unit(Confirm), post(desk::nil_confirm)),
        write("/c/{cluster}/desk/{unit}/confirm", Unit(Confirm), post(desk::confirm)),
        write("/c/{cluster}/desk/{unit}/contest", Unit(Bring), post(desk::contest)),
        write("/c/{cluster}/desk/{unit}/answer", Unit(Bring), post(desk::answer)),
        read("/c/{cluster}/desk/{unit}/workbook.xlsx", Unit(Read), get(workbooks::prefilled)),
        read("/c/{cluster}/desk/{unit}/template/{file}", Unit(Read), get(workbooks::template)),
        write("/c/{cluster}/desk/{unit}/uploads", Unit(Bring), post(uploads::bring)),
        read("/c/{cluster}/desk/{unit}/uploads/{upload}", Unit(Read), get(uploads::get)),
        read("/c/{cluster}/desk/{unit}/uploads/{upload}/rejects.xlsx", Unit(Bring), get(uploads::rejects)),
        write("/c/{cluster}/desk/{unit}/uploads/{upload}/kind", Unit(Bring), post(uploads::kind)),
        write("/c/{cluster}/desk/{unit}/uploads/{upload}/columns", Unit(Bring), post(mapping::choose)),
        write("/c/{cluster}/desk/{unit}/uploads/{upload}/forget", Unit(Bring), post(mapping::forget)),
        write("/c/{cluster}/desk/{unit}/uploads/{upload}/load", Unit(Bring), post(uploads::load)),
        write("/c/{cluster}/desk/{unit}/uploads/{upload}/undo", Unit(Bring), post(uploads::undo)),
    ]
}

/// The whole site.
pub fn router(state: State) -> Router {
    let limit = usize::try_from(state.site.upload_limit).unwrap_or(usize::MAX).saturating_add(1 << 20);
    let mut router = Router::new();
    for route in routes() {
        let layer = from_fn_with_state((state.clone(), route.access), gate);
        // Only files are great; they are counted while they come.
        let body = if route.path.ends_with("/uploads") { limit } else { 2 << 20 };
        router = router.route(route.path, route.handler.layer(DefaultBodyLimit::max(body)).layer(layer));
    }
    let fallback = from_fn_with_state((state.clone(), Access::Public), gate);
    router.fallback_service(get(problem::nowhere).layer(fallback).with_state(state.clone())).with_state(state)
}
