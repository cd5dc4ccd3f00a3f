//! The texts of every language: readable, complete, with the same places to fill in, and asked for by the program.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use closelook::explain::language::Language;
use closelook::explain::texts::{Arguments, Texts};

/// What begins the ids that the program asks for.
const FAMILIES: [&str; 24] = [
    "axis-",
    "cause-",
    "clue-",
    "code-",
    "comparison-",
    "diagnosis",
    "difference-",
    "ending-",
    "evidence-",
    "fact-",
    "field-",
    "finding-",
    "heading-",
    "kind-",
    "known-",
    "label-",
    "language-",
    "link-",
    "next-",
    "range-",
    "report-",
    "service-",
    "side-",
    "transport-",
];

/// What a code, a range or a kind of code can have words for.
const ATTRIBUTES: [&str; 16] = [
    "name",
    "short",
    "description",
    "seen",
    "fix",
    "differs",
    "use",
    "more",
    "wire",
    "producer",
    "bytes",
    "sendable",
    "why",
    "clean",
    "log",
    "act",
];

fn source(language: Language) -> String {
    fs::read_to_string(format!("assets/texts/{language}.ftl")).unwrap()
}

/// The patterns of a file by their ids, as they are written.
fn patterns(language: Language) -> BTreeMap<String, String> {
    let (mut patterns, mut message, mut id) = (BTreeMap::new(), String::new(), String::new());
    for line in source(language).lines().filter(|line| !line.starts_with('#')) {
        let start = match line.split_once(" =") {
            Some((name, pattern)) if line.starts_with(|first: char| first.is_ascii_lowercase()) => {
                name.clone_into(&mut message);
                Some((name.to_owned(), pattern))
            }
            Some((name, pattern)) if line.starts_with("    .") => Some((format!("{message}{}", name.trim()), pattern)),
            _ => None,
        };
        match start {
            Some((name, pattern)) => {
                patterns.insert(name.clone(), pattern.to_owned());
                id = name;
            }
            None if line.trim().is_empty() => {}
            None => patterns.get_mut(&id).unwrap().extend(["\n", line]),
        }
    }
    patterns.retain(|_, pattern| !pattern.trim().is_empty());
    patterns
}

/// The variables and the other texts that a pattern has places for.
fn places(pattern: &str) -> BTreeSet<String> {
    let places = pattern.split('{').skip(1).map(|rest| rest.trim_start());
    let name = |rest: &str| {
        rest.chars().take_while(|letter| letter.is_alphanumeric() || "$-_".contains(*letter)).collect::<String>()
    };
    places.map(name).filter(|name| !name.is_empty()).collect()
}

#[test]
fn the_files_that_the_program_is_built_with_are_readable() {
    let files = fs::read_dir("assets/texts").unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let listed = Language::ALL.map(|language| format!("{language}.ftl"));
    assert_eq!(files.collect::<BTreeSet<_>>(), BTreeSet::from(listed), "every file is a language of the program");
    for language in Language::ALL {
        let texts = language.texts();
        assert_eq!(texts.problems(), [] as [String; 0], "{language}");
        let ids: Vec<&str> = texts.ids().collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{language}: an id is there twice");
        let written: BTreeSet<&str> = ids.into_iter().collect();
        let read = patterns(language);
        assert_eq!(written, read.keys().map(String::as_str).collect::<BTreeSet<_>>(), "{language}");
    }
}

#[test]
fn no_language_lacks_a_text_or_has_one_of_its_own() {
    let english = patterns(Language::ENGLISH);
    for language in Language::ALL {
        let texts = patterns(language);
        let lacking: Vec<_> = english.keys().filter(|id| !texts.contains_key(*id)).collect();
        assert!(lacking.is_empty(), "{language} lacks {lacking:#?}");
        let surplus: Vec<_> = texts.keys().filter(|id| !english.contains_key(*id)).collect();
        assert!(surplus.is_empty(), "{language} alone has {surplus:#?}");
    }
}

#[test]
fn a_text_has_the_same_places_to_fill_in_every_language() {
    let english = patterns(Language::ENGLISH);
    for language in Language::ALL {
        for (id, pattern) in patterns(language) {
            assert_eq!(places(&pattern), places(&english[&id]), "{language}: {id}");
        }
    }
}

#[test]
fn a_text_has_the_same_cases_in_every_language() {
    // Words in square brackets are cases; which of them is marked as the rest may differ.
    let cases = |pattern: &str| -> BTreeSet<String> {
        let cases = pattern.split('[').skip(1).filter_map(|rest| rest.split_once(']'));
        cases.map(|(case, _)| case.to_owned()).filter(|case| case != "other").collect()
    };
    let english = patterns(Language::ENGLISH);
    for language in Language::ALL {
        for (id, pattern) in patterns(language) {
            assert_eq!(cases(&pattern), cases(&english[&id]), "{language}: {id}");
        }
    }
}

#[test]
fn turkish_is_written_with_its_own_letters() {
    let turkish = source(Language::of_locale("tr").unwrap());
    // What a text looks like that was typed or changed without a Turkish keyboard.
    for (number, line) in (1..).zip(turkish.lines()) {
        for word in line.split(|letter: char| !letter.is_alphabetic()) {
            let wrong =
                ["Istemci", "istemcı", "baglanti", "baglantı", "cerceve", "Ilk", "icin", "degil", "sunucü", "kapanis"];
            assert!(!wrong.contains(&word), "line {number}: {word} in {line}");
            let has_combining_dot = word.contains('\u{307}');
            assert!(!has_combining_dot, "line {number}: {word} was lowered without its language");
        }
        assert!(!line.contains('\u{307}'), "line {number}: {line}");
    }
}

/// The string literals of the program that could be ids, with their files.
fn literals() -> Vec<(String, String)> {
    fn files(folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, found);
                continue;
            }
            let source = fs::read_to_string(&path).unwrap_or_default();
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
                for literal in line.split('"').skip(1).step_by(2) {
                    found.push((path.display().to_string(), literal.to_owned()));
                }
            }
        }
    }
    let mut found = Vec::new();
    files(Path::new("src"), &mut found);
    found
}

#[test]
fn every_id_that_the_explanations_ask_for_has_a_text() {
    let texts = Texts::english();
    for (file, literal) in literals().into_iter().filter(|(file, _)| file.starts_with("src/explain/")) {
        if !FAMILIES.iter().any(|family| literal.starts_with(family)) {
            continue;
        }
        let exists = match literal.split_once('{') {
            // An id that is put together: at least one text begins in this way.
            Some((start, _)) => texts.ids().any(|id| id.starts_with(start)),
            // Patterns such as `code-same` are the ends of ids.
            None => texts.has(&literal) || texts.ids().any(|id| id.starts_with(&literal) || id.ends_with(&literal)),
        };
        assert!(exists, "{file} asks for {literal}, which has no text");
    }
}

#[test]
fn every_text_is_asked_for() {
    let literals: BTreeSet<String> = literals().into_iter().map(|(_, literal)| literal).collect();
    let source = source(Language::ENGLISH);
    let is_asked_for = |id: &str| {
        let (message, attribute) =
            id.split_once('.').map_or((id, None), |(message, attribute)| (message, Some(attribute)));
        match message.split('-').next().unwrap_or_default() {
            "link" => source.contains(&format!("{{ {message} }}")),
            "known" => Texts::english().has(&format!("service-{}", message.splitn(3, '-').nth(2).unwrap_or_default())),
            "service" => source.contains(&format!("-{} =", message.trim_start_matches("service-"))),
            // A staged session reaches each of them.
            "cause" => true,
            "code" | "range" | "kind" => {
                let name = attribute.and_then(|attribute| attribute.split('-').next()).unwrap_or_default();
                ATTRIBUTES.contains(&name)
            }
            _ => literals.iter().any(|literal| match literal.split_once('{') {
                Some((start, _)) => start.len() > 3 && id.starts_with(start),
                None => literal == id || literal == message,
            }),
        }
    };
    let unused: Vec<&str> = Texts::english().ids().filter(|id| !is_asked_for(id)).collect();
    assert!(unused.is_empty(), "{unused:#?}");
}

#[test]
fn every_text_that_is_referred_to_by_another_exists() {
    for language in Language::ALL {
        for (id, pattern) in patterns(language) {
            for place in places(&pattern).into_iter().filter(|place| !place.starts_with('$')) {
                assert!(language.texts().has(&place), "{language}: {id} refers to {place}, which has no text");
            }
        }
    }
}

#[test]
fn texts_can_be_shared_between_threads() {
    fn assert_shared<T: Send + Sync>(_: &T) {}
    assert_shared(Texts::english());
    assert_shared(&Language::ENGLISH);
}

#[test]
fn a_text_without_arguments_is_ready_to_be_painted() {
    let texts = Texts::english();
    assert_eq!(texts.text("heading-when-seen"), "When you see it");
    assert_eq!(texts.text("heading-when-seen"), texts.format("heading-when-seen", &Arguments::new()));
    assert!(std::ptr::eq(texts.text("code-1005.fix"), texts.text("code-1005.fix")));
    assert_eq!(texts.text("there-is-no-such-id"), "there-is-no-such-id");
}
