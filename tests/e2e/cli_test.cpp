#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/e2e/run_program.hpp"

namespace broadsheet::e2e {
namespace {

const std::string kSample = std::string(BROADSHEET_SOURCE) + "/config/sample/2026-01-13.jsonl";
const std::string kShared = BROADSHEET_SHARED;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string slurp(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

TEST(Program, PrintsADigestFromTheShippedSample) {
  Folder folder;
  auto ran = run_program(folder, {"demo", "--once"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(has(ran.out, "13 January 2026")) << ran.out;
  EXPECT_TRUE(has(ran.out, "TideFlow")) << ran.out;
  EXPECT_TRUE(has(ran.out, "announced 24")) << ran.out;
}

TEST(Program, GivesTheSameDigestTwice) {
  Folder folder;
  auto first = run_program(folder, {"digest", "cs.CV", "--source", kSample, "--format", "f1"});
  auto second = run_program(folder, {"digest", "cs.CV", "--source", kSample, "--format", "f1"});
  EXPECT_EQ(first.status, 0) << first.err;
  EXPECT_FALSE(first.out.empty());
  EXPECT_EQ(first.out, second.out);
}

TEST(Program, WritesEveryFormat) {
  Folder folder;
  for (const char* format :
       {"text", "markdown", "f1", "f2", "f2-original", "html", "json", "bibtex", "ris", "csl", "atom"}) {
    auto ran = run_program(folder, {"digest", "cs.CV", "--source", kSample, "--format", format});
    EXPECT_EQ(ran.status, 0) << format << ran.err;
    EXPECT_FALSE(ran.out.empty()) << format;
  }
}

TEST(Program, ImportsOnceAndFindsAgain) {
  Folder folder;
  auto first = run_program(folder, {"import", kSample});
  EXPECT_EQ(first.status, 0) << first.err;
  EXPECT_TRUE(has(first.out, "read 24 · new 24 · updated 0 · unchanged 0 · rejected 0")) << first.out;
  auto second = run_program(folder, {"import", kSample});
  EXPECT_TRUE(has(second.out, "read 24 · new 0 · updated 0 · unchanged 24 · rejected 0")) << second.out;
  auto search = run_program(folder, {"search", "video", "diffusion"});
  EXPECT_TRUE(has(search.out, "TideFlow")) << search.out << search.err;
  auto paper = run_program(folder, {"paper", "https://arxiv.org/abs/2601.99001v1"});
  EXPECT_TRUE(has(paper.out, "streaming sampler")) << paper.out << paper.err;
  EXPECT_EQ(run_program(folder, {"paper", "2601.99999"}).status, 1);
  EXPECT_EQ(run_program(folder, {"paper", "24.12"}).status, 2);
}

TEST(Program, NamesEachRejectedRecordWithItsPosition) {
  Folder folder;
  folder.write("mixed.jsonl",
               "{\"id\":\"2601.99001\",\"title\":\"A title\",\"authors\":[\"Ada Brook\"],\"abstract\":\"Text.\","
               "\"primary\":\"cs.CV\",\"categories\":[\"cs.CV\"]}\n"
               "{\"id\":\"not an id\",\"title\":\"x\"}\n"
               "{broken\n");
  auto ran = run_program(folder, {"import", "mixed.jsonl"});
  EXPECT_TRUE(has(ran.out, "read 1 · new 1")) << ran.out;
  EXPECT_TRUE(has(ran.out, "rejected 2")) << ran.out;
  EXPECT_TRUE(has(ran.err, "mixed.jsonl:2: rejected:")) << ran.err;
  EXPECT_TRUE(has(ran.err, "mixed.jsonl:3: rejected:")) << ran.err;
}

TEST(Program, AnswersWrongInputWithASentenceAndAStatus) {
  Folder folder;
  EXPECT_EQ(run_program(folder, {}).status, 2);
  EXPECT_EQ(run_program(folder, {"digst"}).status, 2);
  auto category = run_program(folder, {"digest", "cs.CVV", "--source", kSample});
  EXPECT_EQ(category.status, 2);
  EXPECT_TRUE(has(category.err, "cs.CV")) << category.err;
  EXPECT_EQ(run_program(folder, {"digest", "cs.CV", "--date", "2026-02-30", "--source", kSample}).status, 2);
  EXPECT_EQ(run_program(folder, {"import", "no-such-file"}).status, 4);
  EXPECT_EQ(run_program(folder, {"digest", "cs.CV", "--source", "no-such-file"}).status, 4);
  folder.write("broadsheet.toml", "[service]\nlisten = 5\nlistne = \"x\"\n");
  auto config = run_program(folder, {"config", "check"});
  EXPECT_EQ(config.status, 2);
  EXPECT_TRUE(has(config.err, "broadsheet.toml:2")) << config.err;
  EXPECT_TRUE(has(config.err, "broadsheet.toml:3")) << config.err;
}

TEST(Program, SaysWhenTheConfigurationIsCheckedHowLongPostingTakes) {
  Folder folder;
  std::string text = "[telegram]\ntoken = \"env:BROADSHEET_TEST_TOKEN\"\n";
  for (int n = 1; n <= 92; ++n)
    text += "[[subscription]]\ntarget = \"telegram:" + std::to_string(n) + "\"\ncategories = [\"cs.CL\"]\n" +
            (n <= 2 ? "at = \"09:00\"\ntime_zone = \"Europe/Berlin\"\n" : "");
  setenv("BROADSHEET_TEST_TOKEN", "1000:INVENTED", 1);
  folder.write("broadsheet.toml", text);
  auto ran = run_program(folder, {"config", "check"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(has(ran.out, "The configuration is good.")) << ran.out;
  EXPECT_TRUE(has(ran.out, "telegram, at 09:00 Europe/Berlin: 2 places, posted in 4 s at the earliest")) << ran.out;
  EXPECT_TRUE(has(ran.out, "telegram, as soon as announced: 90 places, posted in 14 s at the earliest")) << ran.out;
}

// Whatever `serve` would stumble over, or could never do, stands in the check with its line.
TEST(Program, ChecksAllOfTheConfigurationThatServeReads) {
  Folder folder;
  folder.write("plain", "x");
  setenv("BROADSHEET_TEST_BLANK", "", 1);
  using Wrong = std::pair<std::string, std::string>;
  for (const auto& [toml, said] : std::vector<Wrong>{
           {"[service]\ndata_dir = \"plain\"", "broadsheet.toml:2:12: service.data_dir: plain is not a folder"},
           {"[service]\nlisten = \"nowhere:80\"", "broadsheet.toml:2:10: service.listen"},
           {"[service]\ntrusted_proxies = [\"nonsense\"]",
            "service.trusted_proxies: \"nonsense\" is neither an address"},
           {"[service]\noperators = [\"nobody\"]",
            "service.operators: \"nobody\" is nobody's name; write slack:TEAM/USER"},
           {"[service]\npublic_url = \"https://\"", "service.public_url: \"https://\" cannot be called"},
           {"[arxiv]\nholidays_file = \"absent\"", "broadsheet.toml:2:17: arxiv.holidays_file: cannot read absent"},
           {"[arxiv]\nholidays_file = \".\"", "arxiv.holidays_file: cannot read ."},
           {"[telegram]\ntoken = \"env:BROADSHEET_TEST_BLANK\"", "BROADSHEET_TEST_BLANK is empty"},
           {"[[subscription]]\ntarget = \"telegram:1\"\ncategories = [\"cs.CV\"]",
            "broadsheet.toml:2:10: subscription[1].target: telegram is switched off"},
           {"[[subscription]]\ntarget = \"preview:x\"\ncategories = [\"cs.CV\"]\nfilter = \"from:yesterday\"",
            "broadsheet.toml:4:10: subscription[1].filter"},
           {"[matrix]\nuser_id = \"@bot:example.org\"", "Matrix is off: there is no credential"}}) {
    folder.write("broadsheet.toml", toml + "\n");
    auto ran = run_program(folder, {"config", "check"});
    EXPECT_EQ(ran.status, 2) << toml;
    EXPECT_TRUE(has(ran.err, said)) << toml << "\n" << ran.err;
    EXPECT_FALSE(has(ran.out, "good")) << toml;
  }
  folder.write("broadsheet.toml", "[service]\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n");
  EXPECT_EQ(run_program(folder, {"config", "check"}).status, 0);
  std::filesystem::create_directory(folder.path() + "/d");
  auto ran = run_program(folder, {"--config", "d", "config", "check"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_TRUE(has(ran.err, "is a folder")) << ran.err;
}

TEST(Program, NeedsNoSecretForWhatNeedsNone) {
  Folder folder;
  folder.write("broadsheet.toml", "[telegram]\ntoken = \"env:BROADSHEET_TEST_ABSENT\"\n");
  unsetenv("BROADSHEET_TEST_ABSENT");
  EXPECT_EQ(run_program(folder, {"import", kSample}).status, 0);
  EXPECT_EQ(run_program(folder, {"search", "tides"}).status, 0);
  EXPECT_EQ(run_program(folder, {"config", "show"}).status, 0);
  EXPECT_EQ(run_program(folder, {"backup", "copy.db"}).status, 0);
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"serve"}, {"config", "check"}, {"telegram", "setup"}}) {
    auto ran = run_program(folder, words);
    EXPECT_EQ(ran.status, 2) << words[0];
    EXPECT_TRUE(
        has(ran.err, "broadsheet.toml:2:9: telegram.token: the environment variable BROADSHEET_TEST_ABSENT is not set"))
        << ran.err;
  }
}

TEST(Program, WritesAnswersThatTheirReadersUnderstandWhereThereIsNoDigest) {
  Folder folder;
  run_program(folder, {"import", kSample});
  auto saturday = [&folder](const std::string& format) {
    return run_program(folder, {"digest", "cs.CV", "--offline", "--date", "2026-01-17", "--format", format});
  };
  auto json = saturday("json");
  EXPECT_EQ(json.status, 0) << json.err;
  EXPECT_TRUE(nlohmann::json::parse(json.out)["notice"].is_string()) << json.out;
  EXPECT_EQ(nlohmann::json::parse(saturday("slack").out), nlohmann::json::array());
  EXPECT_TRUE(has(saturday("atom").out, "<feed")) << saturday("atom").out;
  EXPECT_TRUE(has(saturday("html").out, "<html"));
  EXPECT_TRUE(saturday("bibtex").out.empty());
  EXPECT_TRUE(has(saturday("text").out, "No listing on Saturday"));
}

TEST(Program, PutsSeveralDigestsIntoOneDocument) {
  Folder folder;
  for (const char* day : {"2026-01-13", "2026-01-14"}) {
    run_program(folder, {"digest", "cs.CV", "--source", kSample, "--date", day, "--format", "f1", "--out", "one.txt"});
    run_program(folder, {"import", "one.txt"});
  }
  auto json = nlohmann::json::parse(run_program(folder, {"export", "--format", "json"}).out);
  ASSERT_TRUE(json.is_array());
  EXPECT_EQ(json.size(), 2U);
  auto feed = run_program(folder, {"export", "--format", "atom"}).out;
  EXPECT_EQ(feed.find("<feed"), feed.rfind("<feed"));
  EXPECT_NO_THROW(static_cast<void>(nlohmann::json::parse(run_program(folder, {"export", "--format", "csl"}).out)));
  auto page = run_program(folder, {"export", "--format", "html"});
  EXPECT_EQ(page.status, 2);
  EXPECT_TRUE(has(page.err, "a page holds one digest")) << page.err;
}

TEST(Program, LeavesAFileAsItWasWhenItsSuccessorCannotBeWritten) {
  Folder folder;
  folder.write("good.txt", "as it was");
  auto full = run_program(folder, {"digest", "cs.CV", "--source", kSample, "--out", "/dev/full"});
  EXPECT_EQ(full.status, 1);
  EXPECT_TRUE(has(full.err, "cannot write /dev/full")) << full.err;
  EXPECT_EQ(run_program(folder, {"digest", "cs.CV", "--source", kSample, "--out", "."}).status, 1);
  EXPECT_EQ(run_program(folder, {"digest", "cs.CV", "--source", kSample, "--out", "good.txt"}).status, 0);
  EXPECT_NE(folder.read("good.txt"), "as it was");
}

TEST(Program, KeepsItsStoreAndItsCopiesToItself) {
  Folder folder;
  run_program(folder, {"import", kSample});
  run_program(folder, {"backup", "copy.db"});
  for (const char* file : {"/data/broadsheet.db", "/copy.db"})
    EXPECT_EQ(std::filesystem::status(folder.path() + file).permissions() & std::filesystem::perms::mask,
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
        << file;
}

TEST(Program, AnswersTheUsualQuestions) {
  Folder folder;
  EXPECT_TRUE(run_program(folder, {"--version"}).out.starts_with("broadsheet "));
  EXPECT_TRUE(has(run_program(folder, {"help", "digest"}).out, "--interests"));
  EXPECT_EQ(run_program(folder, {"-h"}).status, 0);
  EXPECT_EQ(run_program(folder, {"help", "digst"}).status, 2);
  auto nothing = run_program(folder, {"digest", ""});
  EXPECT_EQ(nothing.status, 2);
  EXPECT_TRUE(has(nothing.err, "a category is missing")) << nothing.err;
}

TEST(Program, SaysWhatIsNearToWhatIsWrong) {
  Folder folder;
  using Words = std::vector<std::string>;
  for (const auto& [words, said] : std::vector<std::pair<Words, std::string>>{
           {{"digst"}, "there is no command \"digst\"; near: digest\nHelp: broadsheet --help"},
           {{}, "a command is missing: demo, serve, digest"},
           {{"config", "chek"}, "near: check\nHelp: broadsheet config --help"},
           {{"digest", "cs.CV", "--fromat", "json"}, "there is no option \"--fromat\"; near: --format"},
           {{"search", "-survey", "graph"}, "a query with -word goes after --"},
           {{"migrate", "now"}, "\"now\" is one word too many"},
           {{"outbox", "retry", "abc"}, "id: \"abc\" is not a number it takes"}}) {
    auto ran = run_program(folder, words);
    EXPECT_EQ(ran.status, 2);
    EXPECT_TRUE(ran.err.starts_with("broadsheet: ")) << ran.err;
    EXPECT_TRUE(has(ran.err, said)) << ran.err;
    EXPECT_TRUE(ran.out.empty()) << ran.out;
  }
}

TEST(Program, CallsAPlatformThatCannotWorkAConfigurationError) {
  Folder folder;
  setenv("BROADSHEET_TEST_TOKEN", "xoxb-INVENTED", 1);
  folder.write("broadsheet.toml", "[slack]\nbot_token = \"env:BROADSHEET_TEST_TOKEN\"\n");
  for (const auto& words : std::vector<std::vector<std::string>>{{"serve"}, {"config", "check"}}) {
    auto ran = run_program(folder, words);
    EXPECT_EQ(ran.status, 2) << words[0];
    EXPECT_TRUE(has(ran.err, "Slack in socket mode needs slack.app_token")) << ran.err;
  }
}

TEST(Program, RendersTextLineByLine) {
  Folder folder;
  auto ran = run_program(folder, {"render-text", "--mode", "title"}, "\"K\\\\H{o}s\"\n\"$\\\\alpha$\"\n");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.out, "\"Kős\"\n\"α\"\n");
  EXPECT_EQ(run_program(folder, {"render-text"}, "not json\n").status, 4);
}

TEST(Program, AnalysesAbstracts) {
  Folder folder;
  auto ran = run_program(
      folder, {"analyse"},
      "{\"title\":\"T\",\"abstract\":\"Noise is common. We propose a filter. It lowers the error by 12%.\"}\n");
  ASSERT_EQ(ran.status, 0) << ran.err;
  auto answer = nlohmann::json::parse(ran.out);
  EXPECT_EQ(answer["sentences"].size(), 3U);
  EXPECT_TRUE(answer.contains("tldr"));
  EXPECT_EQ(answer["findings_compat"][0], "We propose a filter.");
}

TEST(Program, BacksUpAndRestores) {
  Folder folder;
  run_program(folder, {"import", kSample});
  EXPECT_EQ(run_program(folder, {"backup", "copy.db"}).status, 0);
  EXPECT_NE(run_program(folder, {"restore", "copy.db"}).status, 0);
  EXPECT_EQ(run_program(folder, {"restore", "copy.db", "--force"}).status, 0);
  EXPECT_EQ(run_program(folder, {"paper", "2601.99002"}).status, 0);
}

TEST(Seeds, ComeBackByteForByte) {
  if (!std::filesystem::exists(kShared + "/seeds")) GTEST_SKIP() << "no shared folder";
  for (const auto& entry : std::filesystem::directory_iterator(kShared + "/seeds")) {
    if (entry.path().extension() != ".txt") continue;
    Folder folder;
    auto bytes = slurp(entry.path().string());
    auto imported = run_program(folder, {"import", entry.path().string()});
    EXPECT_EQ(imported.status, 0) << imported.err;
    bool f2 = bytes.rfind("# arxiv", 0) == 0;
    EXPECT_EQ(run_program(folder, {"export", "--format", f2 ? "f2" : "f1"}).out, bytes) << entry.path();
  }
}

TEST(Program, MovesSubscriptionsToAnotherMachine) {
  const std::string table = "[[subscription]]\ntarget = \"telegram:1000\"\ncategories = [\"cs.CV\", \"cs.RO\"]\n";
  Folder here, there;
  here.write("given.toml", table + "at = \"09:00\"\ntop = 5\n");
  auto added = run_program(here, {"subscriptions", "import", "given.toml"});
  EXPECT_EQ(added.out, "1 added, 0 changed, 0 as before.\n") << added.err;
  auto exported = run_program(here, {"subscriptions", "export"});
  EXPECT_TRUE(has(exported.out, "[[subscription]]\ntarget = \"telegram:1000\"")) << exported.out;
  EXPECT_TRUE(has(exported.out, "at = \"09:00\"")) << exported.out;
  there.write("moved.toml", exported.out);
  EXPECT_EQ(run_program(there, {"subscriptions", "import", "moved.toml"}).out, "1 added, 0 changed, 0 as before.\n");
  EXPECT_EQ(run_program(there, {"subscriptions", "import", "moved.toml"}).out, "0 added, 0 changed, 1 as before.\n");
  EXPECT_EQ(run_program(there, {"subscriptions", "export"}).out, exported.out);
}

TEST(Program, ImportsNoSubscriptionWhereOneIsWrong) {
  Folder folder;
  folder.write("bad.toml",
               "[[subscription]]\ntarget = \"telegram:1\"\ncategories = [\"cs.CV\"]\n"
               "[[subscription]]\ntarget = \"telegram:2\"\ncategories = [\"cs.XX\"]\nfiltre = \"\"\n");
  auto ran = run_program(folder, {"subscriptions", "import", "bad.toml"});
  EXPECT_NE(ran.status, 0);
  EXPECT_TRUE(has(ran.err, "bad.toml:7")) << ran.err;
  EXPECT_TRUE(has(ran.err, "filter")) << ran.err;
  EXPECT_EQ(run_program(folder, {"subscriptions", "list"}).out, "There are no subscriptions.\n");
}

TEST(Program, GivesSubscriptionsToTheServiceThatOwnsTheStore) {
  Folder folder;
  auto port = std::to_string(free_port());
  // Nobody listens at the discard port: a source that is down.
  folder.write("broadsheet.toml", "[service]\nlisten = \"127.0.0.1:" + port +
                                      "\"\n[arxiv]\ncategories = [\"cs.CV\"]\nfeed_url = \"http://127.0.0.1:9\"\n"
                                      "api_url = \"http://127.0.0.1:9\"\noai_url = \"http://127.0.0.1:9\"\n"
                                      "site_url = \"http://127.0.0.1:9\"\n");
  folder.write("given.toml", "[[subscription]]\ntarget = \"preview:team\"\ncategories = [\"cs.CV\"]\n");
  Child service(folder, {"--log-level", "info", "serve"});
  ASSERT_TRUE(service.says("broadsheet serves", std::chrono::seconds(20))) << service.err();
  auto added = run_program(folder, {"subscriptions", "import", "given.toml"});
  EXPECT_EQ(added.out, "1 added, 0 changed, 0 as before.\n") << added.err;
  EXPECT_TRUE(has(run_program(folder, {"subscriptions", "list"}).out, "preview:team  #1  cs.CV"));
  service.signal(SIGTERM);
  EXPECT_EQ(service.wait(), 0);
}

TEST(Program, NamesASubscriptionThatNobodyCanServe) {
  Folder folder;
  folder.write("broadsheet.toml", "[service]\nlisten = \"127.0.0.1:" + std::to_string(free_port()) +
                                      "\"\n[arxiv]\ncategories = [\"cs.CV\"]\nfeed_url = \"http://127.0.0.1:9\"\n"
                                      "api_url = \"http://127.0.0.1:9\"\noai_url = \"http://127.0.0.1:9\"\n"
                                      "site_url = \"http://127.0.0.1:9\"\n"
                                      "[[subscription]]\ntarget = \"telegram:1000\"\ncategories = [\"cs.CV\"]\n");
  Child service(folder, {"serve"});
  EXPECT_TRUE(
      service.says("telegram is switched off, so nothing can be posted to telegram:1000", std::chrono::seconds(20)))
      << service.err();
  EXPECT_TRUE(service.says("subscription.dead", std::chrono::seconds(20))) << service.err();
  auto list = run_program(folder, {"subscriptions", "list"});
  EXPECT_TRUE(has(list.out, "cannot be served: telegram is switched off")) << list.out;
  service.signal(SIGTERM);
  EXPECT_EQ(service.wait(), 0);
}

}  // namespace
}  // namespace broadsheet::e2e
