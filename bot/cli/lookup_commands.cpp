// `paper`, `search`, `similar`: look-ups in the local index.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <span>

#include "bot/base/text.hpp"
#include "bot/cli/session.hpp"
#include "digest/latex/authors.hpp"

namespace broadsheet::cli {
namespace {

void print_short(std::size_t number, const Paper& paper) {
  std::cout << number << ". " << paper.title << "\n   " << text::ellipsize(latex::join_names(paper), 100) << "\n   "
            << paper.versioned().str() << " · " << text::join(paper.categories, ", ");
  if (paper.published) std::cout << " · " << to_string(std::chrono::floor<std::chrono::days>(*paper.published));
  std::cout << " · " << abs_url(paper.versioned()) << "\n";
}

void print_full(const Paper& paper, const std::vector<store::StoredVersion>& versions) {
  std::cout << paper.title << "\n\n" << latex::join_names(paper) << "\n";
  std::cout << paper.versioned().str() << " · " << text::join(paper.categories, ", ");
  if (paper.published)
    std::cout << " · submitted " << to_string(std::chrono::floor<std::chrono::days>(*paper.published));
  if (paper.listed) std::cout << " · listed " << to_string(*paper.listed);
  std::cout << "\n";
  if (paper.withdrawn) std::cout << "WITHDRAWN by the authors\n";
  if (!paper.comment.empty()) std::cout << "Comment: " << paper.comment << "\n";
  if (!paper.journal_ref.empty()) std::cout << "Journal: " << paper.journal_ref << "\n";
  if (!paper.doi.empty()) std::cout << "DOI: " << paper.doi << "\n";
  if (versions.size() > 1) std::cout << "Versions known here: " << versions.size() << "\n";
  std::cout << "\n"
            << paper.abstract << "\n\n"
            << abs_url(paper.versioned()) << "\n"
            << pdf_url(paper.versioned()) << "\n";
}

std::string no_id(const std::string& word) {
  return "\"" + text::ellipsize(word, 60) + "\" is not an arXiv id. Forms: 2401.12345, hep-th/9901001, or a link";
}

void run_paper(Session& session, const std::vector<std::string>& words) {
  std::vector<VersionedId> ids;
  for (auto rest = std::span<const std::string>(words); !rest.empty();) {
    auto found = parse_leading_reference(rest);
    if (!found) return session.fail(kUsage, no_id(rest.front()));
    ids.push_back(found->id);
    rest = rest.subspan(found->words);
  }
  auto store = session.open_store(true);
  if (!store) return;
  bool first = true;
  for (const auto& id : ids) {
    auto paper = store->papers().get(id.id);
    if (!paper) return session.fail(paper.error());
    if (!*paper) {
      session.fail(kFailed,
                   id.id.str() + " is not in the local store; `broadsheet import` or `serve` brings papers in");
      continue;
    }
    if (!first) std::cout << "\n────\n\n";
    first = false;
    auto versions = store->papers().versions(id.id);
    if (!versions) return session.fail(versions.error());
    if (auto said = other_version(id, **paper); !said.empty()) std::cout << said << "\n\n";
    print_full(**paper, *versions);
  }
}

void run_search(Session& session, const std::vector<std::string>& words, std::size_t limit, bool newest) {
  auto store = session.open_store(true);
  if (!store) return;
  store::SearchRequest request;
  request.query = text::join(words, " ");
  request.limit = limit;
  request.order = newest ? store::SearchOrder::newest : store::SearchOrder::relevance;
  auto answer = store->search().find(request);
  if (!answer) {
    if (answer.error().kind() == ErrorKind::bad_input) return session.fail(kUsage, answer.error().what());
    return session.fail(answer.error());
  }
  if (answer->hits.empty())
    std::cout << "Nothing in the local store matches. "
              << (answer->instead.empty() ? "Other words may." : "This finds something: " + answer->instead) << "\n";
  for (std::size_t i = 0; i < answer->hits.size(); ++i) print_short(i + 1, answer->hits[i].paper);
  if (!answer->note.empty()) std::cout << "\n" << answer->note << "\n";
}

void run_similar(Session& session, const std::string& word, std::size_t limit) {
  auto id = parse_paper_reference(word);
  if (!id) return session.fail(kUsage, no_id(word));
  auto store = session.open_store(true);
  if (!store) return;
  auto hits = store->search().similar(id->id, limit);
  if (!hits) return session.fail(hits.error());
  for (std::size_t i = 0; i < hits->size(); ++i) {
    print_short(i + 1, (*hits)[i].paper);
    std::cout << "   shares: " << text::join((*hits)[i].shared, ", ") << "\n";
  }
  if (hits->empty()) std::cout << "No near neighbour in the local store.\n";
}

}  // namespace

void add_lookup_commands(CLI::App& app, Session& session) {
  auto* paper = app.add_subcommand("paper", "Show papers of the local store");
  auto ids = std::make_shared<std::vector<std::string>>();
  paper->add_option("ids", *ids, "2401.12345, hep-th/9901001, arXiv:…, a DOI or a link")->required()->type_name("ID");
  paper->callback([&session, ids] { run_paper(session, *ids); });

  auto* search = app.add_subcommand("search", "Search the local store");
  search->footer(
      "Words are joined by AND and match in any inflection. \"a phrase\", begin*, OR, NOT or -word; ti: au: abs: all: "
      "(or title: author: abstract:), cat:cs.CL or an archive, id: from:2025-12-01 to:2025-12-31 has:code.\n"
      "A query that begins with a dash goes after --");
  auto words = std::make_shared<std::vector<std::string>>();
  auto limit = std::make_shared<std::size_t>(10);
  auto newest = std::make_shared<bool>(false);
  search->add_option("query", *words, "What to look for")->required()->type_name("QUERY");
  search->add_option("-n,--n", *limit, "How many results")
      ->check(CLI::Range(1, 1000).description("1 to 1000"))
      ->type_name("N");
  search->add_flag("--newest", *newest, "Newest first instead of best first");
  search->callback([&session, words, limit, newest] { run_search(session, *words, *limit, *newest); });

  auto* similar = app.add_subcommand("similar", "Papers near to one paper, with the terms they share");
  auto id = std::make_shared<std::string>();
  auto count = std::make_shared<std::size_t>(5);
  similar->add_option("id", *id, "The paper")->required()->type_name("ID");
  similar->add_option("-n,--n", *count, "How many results")
      ->check(CLI::Range(1, 100).description("1 to 100"))
      ->type_name("N");
  similar->callback([&session, id, count] { run_similar(session, *id, *count); });
}

}  // namespace broadsheet::cli
