// BibTeX, RIS and CSL-JSON of invented papers.
#include "digest/present/references.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "digest/present/bibtex.hpp"
#include "digest/present/bibtex_title.hpp"
#include "digest/present/person_name.hpp"

namespace broadsheet::present {
namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

Paper invented(const char* id = "2601.99001") {
  Paper p;
  p.id = *PaperId::parse(id);
  p.title_raw = "Tides in $L^\\infty$ and AdS$_5$ seen by KELPNet";
  p.title = "Tides in L^∞ and AdS₅ seen by KELPNet";
  p.authors = {{"Ada van der Brook", {}, false},
               {"Tomas De Luca Jr.", {}, false},
               {"Plato", {}, false},
               {"Research and Development Group", {}, true}};
  p.categories = {"cs.CV"};
  p.published = parse_iso("2026-01-12T10:00:00Z");
  p.abstract = "We measure\ntides.";
  p.doi = "10.1007/978-3-030-1_4 10.1000/second";
  p.journal_ref = "Tides & Kelp 3 (2026)";
  return p;
}

TEST(BibtexEntry, KeepsTexNamesAndAddressesAsReadersOfBibtexWantThem) {
  auto entry = to_bibtex(invented());
  for (const char* part :
       {"@misc{brook2026tides-2601.99001,", "= {Tides in {$L^\\infty$} and AdS{$_5$} seen by {KELPNet}}",
        "= {van der Brook, Ada and {De Luca}, Jr., Tomas and Plato and {Research and Development Group}}",
        "doi           = {10.1007/978-3-030-1_4}", "note          = {Tides \\& Kelp 3 (2026)}",
        "primaryclass  = {cs.CV},"})
    EXPECT_TRUE(has(entry, part)) << part << "\n" << entry;
}

TEST(BibtexEntry, HasAKeyOfItsOwn) {
  EXPECT_NE(citation_key(invented("2601.99001")), citation_key(invented("2601.99002")));
  EXPECT_EQ(citation_key(invented("hep-th/9901001")).find('/'), std::string::npos);
}

TEST(BibtexTitle, EscapesWhatWouldBreakLatex) {
  EXPECT_EQ(bibtex_title("Save 5% & more_now #1 for $9", ""), "Save 5\\% \\& more\\_now \\#1 for \\$9");
  EXPECT_EQ(bibtex_title("On \\infty-harmonic maps with z \\geq 7", ""),
            "On {$\\infty$}-harmonic maps with z {$\\geq$} 7");
  EXPECT_EQ(bibtex_title("Already \\& escaped \\_ here", ""), "Already \\& escaped \\_ here");
  EXPECT_EQ(bibtex_title("With \\(a_b\\) inside", ""), "With {$a_b$} inside");
  EXPECT_EQ(bibtex_title("Unbalanced {brace and $a_b$", "Unbalanced brace"), "Unbalanced brace");
  EXPECT_EQ(bibtex_title("", "a^b {x}"), "a\\textasciicircum{}b \\{x\\}");
}

TEST(BibtexTitle, GuardsCapitalsThatAStyleWouldLower) {
  EXPECT_EQ(bibtex_title("Solutions of the Schr\\\"odinger equation", ""),
            "Solutions of the {Schr\\\"odinger} equation");
  EXPECT_EQ(bibtex_title("GA-NIFS: Powerful Outflows in Distant Galaxies (at JWST)", ""),
            "{GA-NIFS}: Powerful Outflows in Distant Galaxies (at {JWST})");
}

TEST(PersonName, IsTakenApart) {
  auto shown = [](const char* name) { return last_first(parse_person(name)); };
  EXPECT_EQ(shown("Ada Brook"), "Brook, Ada");
  EXPECT_EQ(shown("A. A. Fenn Jr."), "Fenn, A. A., Jr.");
  EXPECT_EQ(shown("Ilse von der Marrow"), "von der Marrow, Ilse");
  EXPECT_EQ(shown("Gary S. Da Costa"), "Da Costa, Gary S.");
  EXPECT_EQ(shown("Plato"), "Plato");
  EXPECT_EQ(shown("Le Fenn"), "Fenn, Le");
}

TEST(Ris, IsOfAStandardTypeWithInvertedNames) {
  auto record = to_ris(invented());
  for (const char* line : {"TY  - UNPB\n", "AU  - van der Brook, Ada\n", "AU  - De Luca, Tomas, Jr.\n",
                           "AU  - Research and Development Group\n", "PY  - 2026\n", "DA  - 2026/01/12\n",
                           "AB  - We measure tides.\n", "DO  - 10.1007/978-3-030-1_4\n", "ER  - \n"})
    EXPECT_TRUE(has(record, line)) << line << record;
}

TEST(CslJson, HoldsTypedItems) {
  auto items = nlohmann::json::parse(to_csl_json({invented()}));
  ASSERT_EQ(items.size(), 1U);
  const auto& item = items[0];
  EXPECT_EQ(item["type"], "article");
  EXPECT_EQ(item["author"][0]["family"], "Brook");
  EXPECT_EQ(item["author"][0]["non-dropping-particle"], "van der");
  EXPECT_EQ(item["author"][1]["suffix"], "Jr.");
  EXPECT_EQ(item["author"][3]["literal"], "Research and Development Group");
  EXPECT_EQ(item["issued"]["date-parts"][0], (std::vector<int>{2026, 1, 12}));
  EXPECT_EQ(item["DOI"], "10.1007/978-3-030-1_4");
}

}  // namespace
}  // namespace broadsheet::present
