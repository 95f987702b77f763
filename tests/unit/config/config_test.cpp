#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "config/load.hpp"
#include "config/password.hpp"
#include "config/schema.hpp"
#include "config/show.hpp"

namespace broadsheet::config {
namespace {

Environment environment() {
  return {
      [](const std::string& name) -> std::optional<std::string> {
        if (name == "TOKEN") return "canary-token";
        if (name == "BLANK") return " ";
        if (name == "LINES") return "canary\ncanary";
        return std::nullopt;
      },
      [](const std::string&) { return Result<std::string>(Error(ErrorKind::not_allowed, "may be read by others")); }};
}

LoadOutcome load(const std::string& toml) {
  return load_text(toml, "b.toml", environment());
}

struct Wrong {
  const char* toml;
  const char* said;
};

TEST(Config, NamesEveryProblemWithItsPlace) {
  const Wrong cases[] = {
      {"[service]\nlistne = \"x\"", "b.toml:2:10: service.listne: unknown key; did you mean \"listen\"?"},
      {"[servce]\n", "did you mean \"service\"?"},
      {"[service]\nlisten = 5", "b.toml:2:10: service.listen: must be a string"},
      {"[service]\nlisten = \"nowhere\"", "is not ADDRESS:PORT"},
      {"[service]\nlisten = \"127.0.0.1:70000\"", "is not ADDRESS:PORT"},
      {"[service]\ntime_zone = \"Europe/Berln\"", "unknown time zone"},
      {"[service]\npublic_url = \"http://x\"", "https://"},
      {"[service]\nmax_connections = 0", "out of range"},
      {"[service]\nmax_connections = \"many\"", "must be a whole number"},
      {"[service]\ndata_dir = \"\"", "must not be empty"},
      {"[service]\noperators = \"x\"", "must be a list of strings"},
      {"[service]\noperators = [1]", "must be a list of strings"},
      {"[storage]\nurl = \"mysql\"", "is not available"},
      {"[storage]\nurl = \"postgresql://ann:hunter22@db/x\"", "a secret must not stand in the file"},
      {"[storage]\nurl = \"postgresql://db/x?password=hunter22\"", "a secret must not stand in the file"},
      {"[storage]\nauto_migrate = \"yes\"", "must be true or false"},
      {"[arxiv]\ncategories = [\"cs.CVV\"]", "near: cs.CV"},
      {"[arxiv]\ncategories = []", "at least one"},
      {"[arxiv]\napi_url = \"http://example.org\"", "loopback"},
      {"[arxiv]\napi_url = \"\"", "an address is needed"},
      {"[arxiv]\nmin_interval = \"1s\"", "below 3s"},
      {"[arxiv]\nmin_interval = \"soon\"", "is not a duration"},
      {"[digest]\ntop = 51", "1 to 50"},
      {"[digest]\nstyle = \"card\"", "did you mean \"cards\"?"},
      {"[digest]\nlanguage = \"english please\"", "a language such as en"},
      {"[writer]\nkind = \"openai\"\nmodel = \"m\"",
       "writer.base_url: kind = \"openai\" needs the endpoint's address, for example http://127.0.0.1:11434/v1"},
      {"[writer]\nkind = \"openai\"\nbase_url = \"http://127.0.0.1:1/v1\"",
       "writer.model: kind = \"openai\" needs the name of a model"},
      {"[writer]\nbase_url = \"http://models.example.org/v1\"", "plain http is accepted for loopback addresses only"},
      {"[writer]\napi_key = \"sk-plain\"", "a secret must not stand in the file"},
      {"[writer]\napi_key = \"env:MISSING\"", "MISSING is not set"},
      {"[writer]\napi_key = \"file:/x\"", "may be read by others"},
      {"[slack]\nsigning_secrets = [\"plain\"]", "a secret must not stand in the file"},
      {"[slack]\nmode = \"sockets\"", "did you mean \"socket\"?"},
      {"[slack]\nmode = \"http\"\nbot_token = \"env:TOKEN\"", "slack.signing_secrets: http mode needs at least one"},
      {"[matrix]\nmode = \"synch\"", "did you mean \"sync\"?"},
      {"[telegram]\nmode = \"webhook\"\ntoken = \"env:TOKEN\"", "webhook needs service.public_url"},
      {"[[subscription]]\ncategories = [\"cs.CV\"]", "needs a target"},
      {"[[subscription]]\ntarget = \"preview:x\"", "needs categories"},
      {"[[subscription]]\ntarget = \"irc:x\"\ncategories = [\"cs.CV\"]", "is not a target"},
      {"[[subscription]]\ntarget = \"preview:x\"\ncategories = [\"cs.CV\"]\nat = \"25:00\"", "is not a time"},
      {"[[subscription]]\ntarget = \"preview:x\"\ncategories = [\"cs.CV\"]\ndays = [\"someday\"]",
       "b.toml:4:8: subscription[1].days: \"someday\" is not weekdays, daily, mon,wed,fri or weekly:fri"},
      {"[[subscription]]\ntarget = \"slack:T1\"\ncategories = [\"cs.CV\"]",
       "write slack:TEAM/CHANNEL, as slack:T0123/C0456"},
      {"[[subscription]]\ntarget = \"preview:x\"\ncategories = [\"cs.CV\"]\ntz = \"Europe/Berlin\"",
       "subscription[1].tz: unknown key; here it is \"time_zone\""},
      {"[[subscription]]\ntarget = \"preview:x\"\ncategories = [\"cs.CV\"]\nkeywords = \"x\"", "here it is \"filter\""},
      {"[[subscription]]\ntarget = \"preview:x\"\ncategories = [\"cs.CV\"]\ntime_zone = \"Europe/Berln\"",
       "did you mean \"Europe/Berlin\"?"},
      {"[[subscription]]\ntarget = \"preview:x\"\ncategories = [\"cs.CV\"]\nlanguage = \"de\"",
       "b.toml:4:12: subscription[1].language: the extractive writer writes English"},
      {"[digest]\nlanguage = \"de\"", "b.toml:2:12: digest.language: the extractive writer writes English"},
      {"[digest]\nfull_text = true", "b.toml:2:13: digest.full_text: full texts are not read yet"},
      {"[arxiv]\ncontact = \"me\"", "is not a mail address"},
      {"[arxiv]\ncontact = \"a@b.org\\r\\nX: y\"", "is not a mail address"},
      {"[matrix]\nuser_id = \"arxivbot\"", "write it like @arxivbot:example.org"},
      {"[matrix]\ninvite_from = [\"any body\"]", "matrix.invite_from"},
      {"[matrix]\nprefix = \"! arxiv\"", "one word"},
      {"[slack]\nunfurl_teams = [\"my team\"]", "is not a workspace"},
      {"[telegram]\ntoken = \"env:BLANK\"", "b.toml:2:9: telegram.token: the environment variable BLANK is empty"},
      {"[telegram]\ntoken = \"env:LINES\"", "LINES holds a line break"},
      {"[[subscription]]\ntarget = \"preview:x\"\ncategories = [\"cs.CV\"]\n[[subscription]]\ntarget = "
       "\"preview:x\"\ncategories = [\"cs.CV\"]",
       "the same target"},
      {"[subscription]\ntarget = \"preview:x\"", "[[subscription]]"},
      {"[service\n", "b.toml:1:"},
  };
  for (const auto& c : cases) {
    auto outcome = load(c.toml);
    EXPECT_FALSE(outcome.problems.empty()) << c.toml;
    std::string said;
    for (const auto& problem : outcome.problems) said += to_string(problem) + "\n";
    EXPECT_NE(said.find(c.said), std::string::npos) << c.toml << "\n" << said;
    EXPECT_EQ(said.find("canary"), std::string::npos);
  }
}

// What needs no secret runs without it: the settings are there, the secret is empty.
TEST(Config, GivesSettingsWithoutTheSecretsThatAreMissing) {
  auto outcome = load("[telegram]\ntoken = \"env:MISSING\"\n[digest]\ntop = 5\n");
  ASSERT_TRUE(outcome.settings);
  EXPECT_TRUE(outcome.has(Weight::secret));
  EXPECT_TRUE(outcome.settings->telegram.token.empty());
  EXPECT_EQ(outcome.settings->digest.top, 5);
  EXPECT_FALSE(load("[service]\ndata_dir = \"env:MISSING\"\n").settings) << "not a secret: nothing can run";
  EXPECT_FALSE(load("[telegram]\ntoken = \"plain\"\n").settings) << "it stands where everybody reads it";
}

TEST(Config, TakesWhatOthersFindToTheLineOfItsKey) {
  auto outcome = load("[arxiv]\ncontact = \"\"\n[[subscription]]\ntarget = \"preview:x\"\ncategories = [\"cs.CV\"]\n");
  outcome.add("arxiv.contact", "a", Weight::useless);
  outcome.add("arxiv.holidays_file", "b", Weight::useless);
  outcome.add("subscription[1].filter", "c", Weight::useless);
  EXPECT_TRUE(outcome.settings);
  outcome.add("writer.kind", "d", Weight::wrong);
  EXPECT_FALSE(outcome.settings);
  ASSERT_EQ(outcome.problems.size(), 4U);
  EXPECT_EQ(to_string(outcome.problems[0]), "b.toml:2:11: arxiv.contact: a");
  EXPECT_EQ(to_string(outcome.problems[1]), "b.toml:1:1: arxiv.holidays_file: b");
  EXPECT_EQ(outcome.problems[2].line, 3U);
  EXPECT_EQ(to_string(outcome.problems[3]), "b.toml: writer.kind: d");
}

TEST(Config, ReadsASubscriptionInTheWordsOfTheChat) {
  auto outcome = load(
      "[[subscription]]\ntarget = \"preview:x\"\ncategories = [\"nlp\"]\nat = \"9am\"\ntime_zone = \"berlin\"\n"
      "days = \"mon,wed\"\nstyle = \"Brief\"\n");
  for (const auto& problem : outcome.problems) ADD_FAILURE() << to_string(problem);
  ASSERT_TRUE(outcome.settings);
  const auto& options = outcome.settings->subscriptions[0].options;
  EXPECT_EQ(options.at->str(), "09:00");
  EXPECT_EQ(*options.time_zone, "Europe/Berlin");
  EXPECT_EQ(options.days->str(), "mon,wed");
  EXPECT_EQ(options.style, Style::brief);
}

TEST(Config, LeavesToTheDefaultsWhatASubscriptionDoesNotSay) {
  auto outcome = load("[digest]\ntop = 5\n[[subscription]]\ntarget = \"preview:x\"\ncategories = [\"cs.CV\"]\n");
  ASSERT_TRUE(outcome.settings);
  EXPECT_EQ(outcome.settings->subscriptions[0].options, model::Options());
}

TEST(Config, IsNoFolder) {
  auto outcome = load_file(testing::TempDir(), environment());
  ASSERT_EQ(outcome.problems.size(), 1U);
  EXPECT_NE(to_string(outcome.problems[0]).find("is a folder; name a file"), std::string::npos);
}

TEST(Config, ShowsTextThatComesBackAsItWas) {
  auto outcome = load("[digest]\ninterests = \"a\\n\\\"b\\\"\\\\ \\t\"\n");
  ASSERT_TRUE(outcome.settings);
  auto again = load(show(*outcome.settings, false));
  ASSERT_TRUE(again.settings) << show(*outcome.settings, false);
  EXPECT_EQ(again.settings->digest.interests, "a\n\"b\"\\ \t");
}

TEST(Config, ReportsAllProblemsInOneRun) {
  EXPECT_EQ(load("[service]\nlistne = 1\n[digest]\ntop = 0\nstyle = \"x\"\n").problems.size(), 3U);
}

TEST(Config, ItsExampleIsGoodAndHoldsTheDefaults) {
  auto outcome = load(example());
  for (const auto& problem : outcome.problems) ADD_FAILURE() << to_string(problem);
  ASSERT_TRUE(outcome.settings);
  EXPECT_EQ(show(*outcome.settings, true), show(Settings{}, true));
}

TEST(Config, AcceptsMarksAndWindowsLineEnds) {
  EXPECT_TRUE(load("\xEF\xBB\xBF[digest]\r\ntop = 5\r\n").settings);
}

TEST(Config, AllowsShortIntervalsOnLoopbackOnly) {
  std::string toml = "[arxiv]\nmin_interval = \"10ms\"\n";
  for (const char* key : {"feed_url", "api_url", "oai_url", "site_url"})
    toml += std::string(key) + " = \"http://127.0.0.1:9/x\"\n";
  EXPECT_TRUE(load(toml).settings);
  EXPECT_FALSE(is_loopback_url("http://127.0.0.1.example.org/"));
  EXPECT_FALSE(is_loopback_url("http://localhost@example.org/"));
}

TEST(Config, NeverShowsASecret) {
  auto outcome = load(
      "[slack]\nbot_token = \"env:TOKEN\"\nsigning_secrets = [\"env:TOKEN\"]\n[telegram]\ntoken = \"env:TOKEN\"\n");
  ASSERT_TRUE(outcome.settings);
  EXPECT_EQ(outcome.settings->telegram.token.reveal(), "canary-token");
  auto shown = show(*outcome.settings, true) + show(*outcome.settings, false);
  EXPECT_EQ(shown.find("canary"), std::string::npos);
  EXPECT_NE(shown.find("token = \"***\""), std::string::npos);
}

TEST(Config, SchemaIsJsonAndKnowsEveryKey) {
  auto schema = nlohmann::json::parse(json_schema());
  for (const auto& field : fields())
    EXPECT_TRUE(schema["properties"][std::string(field.section)]["properties"].contains(std::string(field.key)));
}

TEST(Config, ReadsDurations) {
  EXPECT_EQ(parse_duration("3.1s"), std::chrono::milliseconds(3100));
  EXPECT_EQ(parse_duration("15m"), std::chrono::minutes(15));
  for (const char* bad : {"", "3", "s", "-1s", "3 s", "1d"}) EXPECT_FALSE(parse_duration(bad)) << bad;
}

TEST(Secret, ComparesWithoutPrinting) {
  Secret secret("abc");
  EXPECT_TRUE(secret.equals("abc"));
  EXPECT_FALSE(secret.equals("abd"));
  EXPECT_FALSE(secret.equals("ab"));
}

TEST(Config, ReferenceInTheDocsIsUpToDate) {
  std::ifstream in(std::string(BROADSHEET_FIXTURES) + "/../../docs/configuration.md");
  std::string written((std::istreambuf_iterator<char>(in)), {});
  EXPECT_EQ(written, reference()) << "write it anew: broadsheet config reference > docs/configuration.md";
}

TEST(Config, ReferenceNamesEveryKeyOnALineOfItsOwn) {
  auto text = reference();
  for (const auto& field : fields())
    EXPECT_NE(text.find("\n| `" + std::string(field.key) + "` | "), std::string::npos) << field.key;
  for (const auto& field : subscription_fields())
    EXPECT_NE(text.find("\n| `" + std::string(field.key) + "` | "), std::string::npos) << field.key;
}

TEST(Passwords, AreTakenOutOfAddresses) {
  const std::pair<const char*, const char*> cases[] = {
      {"sqlite", "sqlite"},
      {"postgresql://db/x", "postgresql://db/x"},
      {"postgresql://ann@db:5432/x?sslmode=require", "postgresql://ann@db:5432/x?sslmode=require"},
      {"postgresql://ann:hunter22@db/x", "postgresql://ann:***@db/x"},
      {"postgresql://ann:hun@ter/22@db/x", "postgresql://ann:***@db/x"},
      {"postgresql://ann:hunter22@a:1,b:2/x?sslpassword=hunter22&user=ann",
       "postgresql://ann:***@a:1,b:2/x?sslpassword=***&user=ann"},
      {"postgresql:///x?password=hunter22", "postgresql:///x?password=***"}};
  for (const auto& [given, shown] : cases) EXPECT_EQ(without_passwords(given), shown);
}

TEST(Passwords, OfTheStoreAreNotShown) {
  Settings settings;
  settings.storage.url = "postgresql://ann:hunter22@db/x";
  EXPECT_NE(show(settings, false).find("postgresql://ann:***@db/x"), std::string::npos) << show(settings, false);
}

}  // namespace
}  // namespace broadsheet::config
