// What the store does for itself in the background: the search index and what it knows of words.
#include <sys/wait.h>
#include <unistd.h>

#include "bot/store/sqlite/db.hpp"
#include "bot/store/sqlite/open.hpp"
#include "conformance.hpp"
#include "folder.hpp"

namespace broadsheet::store {
namespace {

// Enough for several steps.
constexpr int kPapers = 700;

Paper numbered(int n) {
  auto month = 1 + n / 100;
  return made_paper("250" + std::to_string(month) + "." + std::to_string(10000 + n),
                    "Kelp forest " + std::to_string(n));
}

std::vector<Paper> many() {
  std::vector<Paper> out;
  for (int n = 0; n < kPapers; ++n) out.push_back(numbered(n));
  return out;
}

std::unique_ptr<Store> opened(const TemporaryFolder& folder, bool later) {
  auto store = open_store({.data_dir = folder.path, .repair_later = later});
  EXPECT_TRUE(store) << store.error().what();
  return std::move(*store);
}

void run_sql(const TemporaryFolder& folder, const std::string& sql) {
  ASSERT_TRUE(Db::open(database_file(folder.path), Db::Mode::create)->run(sql));
}

void finish(Store& store) {
  for (int i = 0; i < 1000; ++i) {
    auto state = store.upkeep().step();
    ASSERT_TRUE(state) << state.error().what();
    if (state->finished) return;
  }
  FAIL() << "upkeep does not end";
}

std::size_t found(Store& store, const std::string& query) {
  auto answer = store.search().find({.query = query, .limit = 1000});
  EXPECT_TRUE(answer) << answer.error().what();
  return answer->hits.size();
}

TEST(Upkeep, BuildsALostIndexWhileTheStoreIsInUse) {
  TemporaryFolder folder;
  ASSERT_TRUE(opened(folder, false)->papers().put(many()));
  run_sql(folder, "DROP TABLE search");
  auto store = opened(folder, true);
  EXPECT_TRUE(*store->papers().get(numbered(3).id)) << "look-ups go on";
  auto partly = store->search().find({.query = "kelp", .limit = 1000});
  ASSERT_TRUE(partly) << partly.error().what();
  EXPECT_FALSE(partly->complete);
  EXPECT_NE(partly->note.find("papers since 2506 can be"), 0U);
  EXPECT_NE(partly->note.find("papers since 2025-0"), std::string::npos) << partly->note;
  EXPECT_LT(partly->hits.size(), std::size_t{kPapers});
  EXPECT_EQ(partly->hits.front().paper.id, numbered(kPapers - 1).id) << "newest first";
  EXPECT_TRUE(store->search().find({.query = numbered(3).id.str()})->complete) << "an identifier needs no index";
  finish(*store);
  EXPECT_EQ(found(*store, "kelp"), std::size_t{kPapers});
  EXPECT_TRUE(store->search().find({.query = "kelp"})->note.empty());
  EXPECT_TRUE(store->upkeep().check());
}

TEST(Upkeep, GoesOnAfterARestartAndKeepsUpWithWrites) {
  TemporaryFolder folder;
  ASSERT_TRUE(opened(folder, false)->papers().put(many()));
  run_sql(folder, "DROP TABLE search");
  {
    auto store = opened(folder, true);
    auto changed = numbered(5);  // not indexed yet
    changed.version = 2;
    changed.title = changed.title_raw = "Urchin barrens";
    auto recent = numbered(kPapers - 1);  // indexed already
    recent.version = 2;
    recent.title = recent.title_raw = "Urchin meadows";
    ASSERT_TRUE(store->papers().put(
        {changed, recent, made_paper("2509.99999", "Urchin reefs"), made_paper("2401.00001", "Urchin dunes")}));
    ASSERT_TRUE(store->upkeep().step());
    EXPECT_EQ(found(*store, "reefs"), 1U);
    EXPECT_EQ(found(*store, "meadows"), 1U);
  }
  auto store = opened(folder, true);
  EXPECT_LT(found(*store, "kelp"), std::size_t{kPapers});
  finish(*store);
  EXPECT_EQ(found(*store, "urchin"), 4U);
  EXPECT_EQ(found(*store, "barrens"), 1U);
  EXPECT_TRUE(store->upkeep().check()) << store->upkeep().check().error().what();
}

TEST(Upkeep, OfAOneShotProgramIsDoneBeforeTheStoreOpens) {
  TemporaryFolder folder;
  ASSERT_TRUE(opened(folder, false)->papers().put(many()));
  run_sql(folder, "DROP TABLE search");
  EXPECT_EQ(found(*opened(folder, false), "kelp"), std::size_t{kPapers});
}

TEST(Upkeep, RemembersFrequentWords) {
  TemporaryFolder folder;
  {
    auto store = opened(folder, true);
    ASSERT_TRUE(store->papers().put(many()));
    finish(*store);
  }
  auto store = opened(folder, true);
  EXPECT_TRUE(store->upkeep().step()->finished);
  EXPECT_NE(*store->values().get("store.words"), std::nullopt);
  EXPECT_NE((*store->values().get("store.words.0"))->find("kelp 700\n"), std::string::npos);
  // A tenth more papers: what is known has grown old.
  std::vector<Paper> more;
  for (int n = 0; n < 200; ++n) more.push_back(made_paper("2601." + std::to_string(10000 + n), "Kelp again"));
  ASSERT_TRUE(store->papers().put(more));
  finish(*store);
  EXPECT_NE((*store->values().get("store.words.0"))->find("kelp 900\n"), std::string::npos);
}

std::int64_t pieces(const TemporaryFolder& folder) {
  return *Db::open(database_file(folder.path), Db::Mode::read_only)
              ->number("SELECT count(DISTINCT segid) FROM search_idx");
}

TEST(Upkeep, MergesTheIndexAfterALoad) {
  TemporaryFolder folder;
  {
    auto store = opened(folder, false);
    auto papers = many();
    for (int i = 0; i < kPapers; i += 140)
      ASSERT_TRUE(store->papers().put({papers.begin() + i, papers.begin() + i + 140}));
    ASSERT_TRUE(store->upkeep().optimise());
  }
  EXPECT_GT(pieces(folder), 1);
  auto store = opened(folder, true);
  EXPECT_FALSE(store->upkeep().step()->finished) << "known after a restart";
  finish(*store);
  EXPECT_EQ(pieces(folder), 1);
  EXPECT_EQ(found(*store, "kelp"), std::size_t{kPapers});
  EXPECT_TRUE(store->upkeep().check());
}

TEST(Search, SaysThatAFilterWasCut) {
  TemporaryFolder folder;
  auto store = opened(folder, false);
  std::vector<Paper> papers;
  for (int n = 0; n < 5200; ++n) papers.push_back(made_paper("2502." + std::to_string(10000 + n), "Kelp"));
  ASSERT_TRUE(store->papers().put(papers));
  for (const char* query : {"cat:cs.LG", "-urchin"}) {
    auto answer = store->search().find({.query = query});
    ASSERT_TRUE(answer) << answer.error().what();
    EXPECT_FALSE(answer->complete);
    EXPECT_EQ(answer->considered, 5000U) << query;
    EXPECT_NE(answer->note.find("the newest 5000 were ranked"), std::string::npos) << answer->note;
    EXPECT_EQ(answer->hits.front().paper.id.str(), "2502.15199") << query;
  }
  EXPECT_EQ(store->search().find({.query = "kelp cat:cs.LG"})->considered, 1000U)
      << "of one frequent word fewer are ranked";
}

TEST(Search, FindsTheOldestPaperByItsFilters) {
  TemporaryFolder folder;
  auto store = opened(folder, false);
  std::vector<Paper> papers;
  for (int n = 0; n < 6000; ++n) papers.push_back(made_paper("2502." + std::to_string(10000 + n), "Kelp"));
  auto old = made_paper("0704.0001", "Kelp");
  old.categories = {"hep-th"};
  old.listed = parse_day("2007-04-02");
  old.authors = {{.name = "Ida Zander"}};
  papers.push_back(old);
  ASSERT_TRUE(store->papers().put(papers));
  for (const char* query :
       {"cat:hep-th", "from:2007-04-02 to:2007-04-02", "au:zander", "id:0704.0001", "kelp to:2007-12-31",
        "au:zander cat:hep-th", "kelp NOT cat:cs.LG", "-from:2008-01-01", "cat:physics -cat:cs"}) {
    auto answer = store->search().find({.query = query});
    ASSERT_TRUE(answer) << query << ": " << answer.error().what();
    ASSERT_EQ(answer->hits.size(), 1U) << query;
    EXPECT_TRUE(answer->complete) << query;
    EXPECT_EQ(answer->hits.front().paper.id, old.id) << query;
  }
}

TEST(Search, SaysHowManyWordsOfABeginningWereLookedFor) {
  auto store = *open_memory();
  std::vector<Paper> papers;
  for (int n = 0; n < 40; ++n)
    papers.push_back(
        made_paper("2502." + std::to_string(10000 + n), "kelpx" + std::string(1 + static_cast<std::size_t>(n), 'q')));
  ASSERT_TRUE(store->papers().put(papers));
  auto answer = store->search().find({.query = "kelpx*", .limit = 100});
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->complete);
  EXPECT_NE(answer->note.find("the 32 most frequent"), std::string::npos) << answer->note;
  EXPECT_EQ(answer->hits.size(), 32U);
}

TEST(Search, OffersAWiderQueryWhenNothingMatches) {
  auto store = *open_memory();
  ASSERT_TRUE(store->papers().put({made_paper("2502.10001", "Kelp forests")}));
  EXPECT_EQ(store->search().find({.query = "kelp cat:hep-th"})->instead, "kelp");
  EXPECT_EQ(store->search().find({.query = "kelp urchin"})->instead, "kelp");
  EXPECT_EQ(store->search().find({.query = "\"forest kelp\""})->instead, "forest kelp");
  EXPECT_EQ(store->search().find({.query = "urchin"})->instead, "");
  EXPECT_EQ(store->search().find({.query = "kelp"})->instead, "");
}

TEST(Search, EndsWithAnErrorRatherThanWithAPartOfItsAnswer) {
  auto store = *open_memory();
  std::vector<Paper> papers;
  for (int n = 0; n < 3000; ++n) papers.push_back(made_paper("2502." + std::to_string(10000 + n), "Kelp"));
  ASSERT_TRUE(store->papers().put(papers));
  auto answer = store->search().find({.query = "kelp", .deadline = std::chrono::milliseconds(-1)});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind(), ErrorKind::transient);
}

TEST(Upkeep, ReplacesAnIndexOfAnotherKind) {
  TemporaryFolder folder;
  ASSERT_TRUE(opened(folder, false)->papers().put(many()));
  run_sql(folder,
          "DROP TABLE search; CREATE VIRTUAL TABLE search USING fts5(title, authors_text, abstract, content='papers', "
          "content_rowid='key', tokenize=\"unicode61 remove_diacritics 2\"); PRAGMA user_version=4");
  auto store = opened(folder, true);
  EXPECT_FALSE(store->search().find({.query = "kelp"})->complete);
  finish(*store);
  EXPECT_EQ(found(*store, "forests"), std::size_t{kPapers});
  EXPECT_EQ(found(*store, "cat:cs.LG"), std::size_t{kPapers});
  EXPECT_TRUE(store->upkeep().check());
}

TEST(UncleanStart, IsKnownUntilTheStoreWasClosed) {
  TemporaryFolder folder;
  EXPECT_FALSE(opened(folder, true)->upkeep().suspect());
  EXPECT_FALSE(opened(folder, true)->upkeep().suspect());
  if (auto child = fork(); child == 0) {
    auto store = open_store({.data_dir = folder.path});
    _exit(store ? 0 : 1);
  } else {
    waitpid(child, nullptr, 0);
  }
  {
    auto store = opened(folder, true);
    EXPECT_TRUE(store->upkeep().suspect());
    EXPECT_TRUE(store->upkeep().check_quick({}));
  }
  EXPECT_FALSE(opened(folder, true)->upkeep().suspect());
}

}  // namespace
}  // namespace broadsheet::store
