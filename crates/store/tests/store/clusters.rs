//! Clusters and remembered mappings.

use giaouoc_store::clusters::{self, Cluster};

use crate::base::{Base, NOW, both, twice};

both!(
    a_cluster_gets_new_names_and_keeps_its_place,
    one_cluster_put_at_once_is_one_cluster,
    a_mapping_is_remembered_for_a_unit,
    one_mapping_remembered_at_once_is_kept_once,
);

fn cluster(slug: &str, year: i64) -> Cluster {
    Cluster {
        slug: slug.to_owned(),
        name_vi: format!("Cụm {slug}"),
        name_en: format!("Cluster {slug}"),
        year,
    }
}

async fn a_cluster_gets_new_names_and_keeps_its_place(base: Base) {
    let store = base.store().await;
    let on = store.read();
    for (new, at) in [(cluster("b", 2026), 1), (cluster("a", 2026), 2), (cluster("old", 2025), 3)] {
        clusters::put(on, &new, NOW + at).await.unwrap();
    }
    let slugs = async || {
        let all = clusters::all(on).await.unwrap();
        all.into_iter().map(|cluster| cluster.slug).collect::<Vec<_>>()
    };
    assert_eq!(slugs().await, ["b", "a", "old"]);
    let renamed =
        Cluster {
            name_vi: "Cụm thi đua số VI".to_owned(), name_en: "VI".to_owned(), ..cluster("b", 2026)
        };
    // The program puts its clusters at every start.
    clusters::put(on, &renamed, NOW + 9).await.unwrap();
    assert_eq!(clusters::get(on, "b").await.unwrap(), Some(renamed));
    assert_eq!(slugs().await, ["b", "a", "old"]);
    assert_eq!(clusters::get(on, "A").await.unwrap(), None);
}

async fn one_cluster_put_at_once_is_one_cluster(base: Base) {
    let store = base.store().await;
    twice(&store, async |write| clusters::put(write.on(), &cluster("a", 2026), NOW).await).await;
    assert_eq!(clusters::all(store.read()).await.unwrap(), [cluster("a", 2026)]);
}

async fn a_mapping_is_remembered_for_a_unit(base: Base) {
    let store = base.store().await;
    let on = store.read();
    let remember = async |unit: &str, kind: &str, headers: &str, mapping: &str| {
        clusters::remember_mapping(on, "c", unit, kind, headers, mapping, NOW).await.unwrap();
    };
    let mapping = async |cluster: &str, unit: &str, kind: &str, headers: &str| {
        clusters::mapping(on, cluster, unit, kind, headers).await.unwrap()
    };
    remember("SNV", "dossier", "Mã|Ngày", "one").await;
    remember("TTTP", "dossier", "Mã|Ngày", "two").await;
    remember("SNV", "position", "Mã|Ngày", "three").await;
    remember("SNV", "dossier", "Mã", "four").await;
    remember("SNV", "dossier", "Mã|Ngày", "newer").await;
    assert_eq!(mapping("c", "SNV", "dossier", "Mã|Ngày").await.as_deref(), Some("newer"));
    assert_eq!(mapping("c", "TTTP", "dossier", "Mã|Ngày").await.as_deref(), Some("two"));
    assert_eq!(mapping("c", "SNV", "position", "Mã|Ngày").await.as_deref(), Some("three"));
    assert_eq!(mapping("c", "SNV", "dossier", "Mã").await.as_deref(), Some("four"));
    assert_eq!(mapping("d", "SNV", "dossier", "Mã").await, None);
    assert_eq!(base.count("known_mapping").await, 4);
    let of = async |unit: &str| clusters::mappings(on, "c", unit).await.unwrap();
    let all: Vec<(String, String)> =
        of("SNV").await.into_iter().map(|known| (known.kind, known.mapping)).collect();
    let expected = [("dossier", "four"), ("position", "three"), ("dossier", "newer")];
    assert_eq!(all, expected.map(|(kind, mapping)| (kind.to_owned(), mapping.to_owned())));
    // Only this unit's, of this kind, with this text.
    clusters::forget_mapping(on, "c", "SNV", "dossier", "newer").await.unwrap();
    assert_eq!(mapping("c", "SNV", "dossier", "Mã|Ngày").await, None);
    assert_eq!((of("SNV").await.len(), of("TTTP").await.len()), (2, 1));
}

async fn one_mapping_remembered_at_once_is_kept_once(base: Base) {
    let store = base.store().await;
    twice(&store, async |write| {
        clusters::remember_mapping(write.on(), "c", "SNV", "dossier", "Mã", "m", NOW).await
    })
    .await;
    assert_eq!(base.count("known_mapping").await, 1);
}
