//! What is said of codes: every number from 0 to 65535, in every language, under the six headings; and the search among them.

use closelook::explain::code_article::{CodeArticle, Heading};
use closelook::explain::code_reference::CodeReference;
use closelook::explain::comparison::Comparison;
use closelook::explain::language::Language;
use closelook::explain::plain_text::PlainText;
use closelook::explain::texts::Texts;
use closelook::protocol::close::CloseCode;
use closelook::protocol::direction::Side;
use unicode_width::UnicodeWidthStr;

use super::assert_is_prose;

/// The headings in the words of the two languages.
const TITLES: [[&str; 6]; 2] = [
    ["Description", "When you see it", "How to fix", "Key differences", "Which to use when", "Learn more"],
    [
        "Açıklama",
        "Gördüğünüzde",
        "Nasıl Düzeltilir",
        "Temel Farklar",
        "Hangisini Ne Zaman Kullanmalı",
        "Daha Fazla Öğren",
    ],
];

fn turkish() -> &'static Texts {
    Language::of_locale("tr_TR.UTF-8").unwrap().texts()
}

#[test]
fn every_number_has_an_answer_in_every_language() {
    for (language, titles) in Language::ALL.into_iter().zip(TITLES) {
        for number in 0..=u16::MAX {
            let article = CodeArticle::of(CloseCode(number), language.texts());
            assert!(article.short.contains(&number.to_string()), "{language} {number}: {}", article.short);
            assert!(!article.name.is_empty() && !article.section.is_empty(), "{language} {number}");
            assert!(article.sections.iter().map(|section| section.title.as_str()).eq(titles), "{language} {number}");
            assert!(article.sections.iter().all(|section| section.text.len() > 10), "{language} {number}");
            assert!(article.facts.iter().all(|fact| !fact.value.is_empty()), "{language} {number}");
            assert_eq!(article.on_the_wire, !article.sendable_by.is_empty(), "{language} {number}");
        }
    }
}

#[test]
fn the_answer_says_the_same_of_the_wire_as_the_protocol_does() {
    for number in (0..=u16::MAX).map(CloseCode) {
        let english = CodeArticle::of(number, Texts::english());
        let wire = &english.facts[0].value;
        assert_eq!(wire.starts_with("yes"), number.may_be_on_the_wire(), "{number}: {wire}");
        let sendable = &english.facts[1].value;
        let sides = Side::BOTH.map(|side| number.check_sendable_by(side).is_ok());
        let expected = match sides {
            [true, true] => "both sides",
            [true, false] => "the client only",
            [false, true] => "the server only",
            [false, false] => "nobody",
        };
        assert_eq!(sendable, expected, "{number}");
    }
}

#[test]
fn every_registered_code_and_every_range_has_all_headings_in_whole_sentences() {
    let ranges = [0, 999, 1016, 2999, 3001, 3999, 4000, 4999, 5000, 65535].map(CloseCode);
    let known = CodeReference::new(Texts::english());
    let known = known.articles().iter().map(|article| article.code);
    for code in known.chain(ranges) {
        for language in Language::ALL {
            let article = CodeArticle::of(code, language.texts());
            assert_is_prose(&article.short);
            assert_eq!(article.registered, code.name().is_some());
            assert_eq!(article.facts.len(), 8);
            for fact in &article.facts {
                assert_is_prose(&fact.label);
                assert_is_prose(&fact.value);
            }
            let headings: Vec<Heading> = article.sections.iter().map(|section| section.heading).collect();
            assert_eq!(headings, Heading::ALL);
            for section in &article.sections {
                assert_is_prose(&section.text);
            }
            for other in [CloseCode(1000), CloseCode(1005)] {
                for section in Comparison::of(other, code, language.texts()).sections {
                    for row in &section.rows {
                        assert_is_prose(&row.left);
                        assert_is_prose(&row.right);
                    }
                }
            }
        }
    }
}

#[test]
fn a_registered_code_has_words_of_its_own_for_all_that_matters() {
    for language in Language::ALL {
        for code in CloseCode::REGISTERED {
            let own = |attribute: &str| language.texts().has(&format!("code-{code}.{attribute}"));
            let mut attributes = vec!["name", "short", "description", "seen", "fix", "differs", "use", "more"];
            if code != CloseCode(1004) {
                attributes.extend(["producer", "why", "log", "act"]);
            }
            let lacking: Vec<_> = attributes.into_iter().filter(|attribute| !own(attribute)).collect();
            assert!(lacking.is_empty(), "{language} {code} lacks {lacking:?}");
            let name = CodeArticle::of(code, language.texts()).name;
            assert!(name.starts_with(code.name().unwrap()), "{language} {code}: {name} keeps the registered name");
        }
    }
}

#[test]
fn facts_say_what_may_be_sent_and_by_whom() {
    let facts = |code: u16| {
        let article = CodeArticle::of(CloseCode(code), Texts::english());
        (article.on_the_wire, article.sendable_by, article.section)
    };
    let rfc = || "RFC 6455 7.4.1".to_owned();
    let iana = || "IANA registry, not in RFC 6455".to_owned();
    assert_eq!(facts(1000), (true, vec![Side::Client, Side::Server], rfc()));
    assert_eq!(facts(1005), (false, vec![], rfc()));
    assert_eq!(facts(1010), (true, vec![Side::Client], rfc()));
    assert_eq!(facts(1012), (true, vec![Side::Server], iana()));
    assert_eq!(facts(3003), (true, vec![Side::Client, Side::Server], iana()));
    assert_eq!(facts(2000), (false, vec![], "RFC 6455 7.4.2".to_owned()));
}

#[test]
fn codes_that_services_document_are_told_with_their_source() {
    for language in Language::ALL {
        let article = CodeArticle::of(CloseCode(4009), language.texts());
        let services: Vec<&str> = article.known_uses.iter().map(|known| known.by.as_str()).collect();
        assert_eq!(services, ["Discord Gateway", "Pusher Channels", "obs-websocket 5"]);
        for known in &article.known_uses {
            assert!(known.source.starts_with("https://"), "{}", known.source);
            assert!(article.under(Heading::WhenSeen).unwrap().contains(&known.meaning), "{language}");
            assert!(article.under(Heading::LearnMore).unwrap().contains(&known.source), "{language}");
        }
    }
    assert!(CodeArticle::of(CloseCode(4444), Texts::english()).known_uses.is_empty());
    let protocol = ["4400", "4401", "4403", "4406", "4408", "4409", "4429", "4499", "4500"];
    for code in protocol.map(|code| CloseCode(code.parse().unwrap())) {
        let article = CodeArticle::of(code, Texts::english());
        assert_eq!(article.known_uses[0].by, "graphql-transport-ws", "{code}");
    }
}

/// The numbers that a search finds, in their order.
fn found(texts: &Texts, question: &str) -> Vec<u16> {
    CodeReference::new(texts).search(question).into_iter().map(|article| article.code.0).collect()
}

#[test]
fn words_find_the_codes_that_they_are_about() {
    let english = |question| found(Texts::english(), question);
    assert_eq!(english("going away")[0], 1001);
    assert_eq!(english("GOING  Away")[0], 1001);
    assert_eq!(english("no status")[0], 1005);
    assert_eq!(english("1006")[0], 1006, "a number finds its own code before those that mention it");
    assert_eq!(english("utf-8")[0], 1007);
    assert!(english("discord intent").starts_with(&[4013, 4014]));
    assert_eq!(english("gateway 502"), [1014]);
    assert!(english("heartbeat").contains(&1000));
    assert!(english("there are no such words").is_empty());
    assert_eq!(english("  ").len(), CodeReference::new(Texts::english()).articles().len(), "nothing asked finds all");
}

#[test]
fn turkish_words_find_them_too_whatever_the_dots() {
    for question in ["ayrılıyor", "AYRILIYOR", "ayriliyor", "going away"] {
        assert_eq!(found(turkish(), question)[0], 1001, "{question}");
    }
    for question in ["İç hata", "iç HATA", "IÇ HATA"] {
        assert_eq!(found(turkish(), question)[0], 1011, "{question}");
    }
}

#[test]
fn the_comparison_of_1000_and_1005_has_six_headings_and_the_key_facts() {
    let comparison = Comparison::of(CloseCode(1000), CloseCode(1005), Texts::english());
    assert!(comparison.sections.iter().map(|section| section.title.as_str()).eq(TITLES[0]));
    let differences = &comparison.under(Heading::KeyDifferences).unwrap().rows;
    let row = |aspect: &str| {
        let found = differences.iter().find(|row| row.aspect.as_deref() == Some(aspect));
        found.unwrap_or_else(|| panic!("no row about {aspect}"))
    };
    assert!(row("On the wire").left.starts_with("Yes") && row("On the wire").right.starts_with("Never"));
    assert!(row("Who produces the number").left.contains("sends the Close"));
    assert!(row("Who produces the number").right.contains("received the empty Close"));
    assert!(row("Bytes").left.contains("88 02 03 e8") && row("Bytes").right.contains("88 00"));
    assert!(row("Bytes").left.contains("masking key") && row("Bytes").right.contains("88 80"));
    assert!(row("May an endpoint send it").left.starts_with("Yes"));
    assert!(row("May an endpoint send it").right.starts_with("No"));
    assert!(row("Does it say why").left.starts_with("Yes") && row("Does it say why").right.starts_with("No"));
    assert!(row("What to log").right.contains("which side sent it"));
    assert!(row("What to do").left.contains("Nothing") && row("What to do").right.contains("give a code"));
    assert!(comparison.summary.is_some());
    let text = |heading: Heading| &comparison.under(heading).unwrap().rows[0];
    assert!(text(Heading::Description).right.contains("must not put it in a frame"));
    assert!(text(Heading::HowToFix).left.starts_with("Nothing to fix"));
    assert!(text(Heading::HowToFix).right.contains("internal indicator and not a wire value"));
    assert!(text(Heading::WhichToUse).right.contains("Never send 1005"));
    assert!(text(Heading::LearnMore).right.contains("/close/empty"));
}

#[test]
fn two_columns_fit_their_width_and_are_stacked_when_there_is_no_room() {
    for language in Language::ALL {
        let comparison = Comparison::of(CloseCode(1000), CloseCode(1005), language.texts());
        let printer = PlainText::new(language.texts());
        for width in [80, 100, 133] {
            let page = printer.with_width(width).comparison(&comparison, Some(CloseCode(1005)));
            for line in page.lines() {
                assert!(line.width() <= width, "{width}: {line}");
                assert_eq!(line, line.trim_end());
            }
            assert!(page.contains("1005 No Status Received"), "{page}");
            assert!(page.contains(" | "));
        }
        let narrow = printer.with_width(60).comparison(&comparison, None);
        assert!(!narrow.contains(" | ") && !narrow.contains(language.texts().text("label-observed")));
        assert!(narrow.lines().all(|line| line.width() <= 60), "{narrow}");
    }
    let comparison = Comparison::of(CloseCode(1000), CloseCode(1005), Texts::english());
    let page = PlainText::new(Texts::english()).with_width(100).comparison(&comparison, Some(CloseCode(1005)));
    assert!(page.contains("1005 No Status Received (seen in"), "{page}");
    let narrow = PlainText::new(Texts::english()).with_width(60).comparison(&comparison, None);
    assert!(narrow.contains("  1005: 1005 is an internal indicator"));
}

#[test]
fn articles_fit_a_terminal() {
    for language in Language::ALL {
        let reference = CodeReference::new(language.texts());
        for article in reference.articles() {
            let page = PlainText::new(language.texts()).code_article(article);
            assert!(page.starts_with(&format!("{} {}\n=====", article.code, article.name)), "{page}");
            let too_wide = page.lines().find(|line| line.width() > 100);
            assert_eq!(too_wide, None, "{language} {}", article.code);
        }
    }
}

#[test]
fn articles_and_comparisons_can_be_written_as_json() {
    let article = serde_json::to_value(CodeArticle::of(CloseCode(1005), Texts::english())).unwrap();
    assert_eq!(article["code"], 1005);
    assert_eq!(article["on_the_wire"], false);
    assert_eq!(article["sections"][0]["heading"], "description");
    let known = serde_json::to_value(CodeArticle::of(CloseCode(4401), Texts::english())).unwrap();
    assert_eq!(known["known_uses"][0]["by"], "graphql-transport-ws");
    let comparison = Comparison::of(CloseCode(1000), CloseCode(1005), Texts::english());
    let comparison = serde_json::to_value(comparison).unwrap();
    assert_eq!((&comparison["left"]["code"], &comparison["right"]["code"]), (&1000.into(), &1005.into()));
    assert_eq!(comparison["sections"][3]["heading"], "key_differences");
    assert_eq!(comparison["sections"][3]["rows"][0]["aspect"], "On the wire");
}
