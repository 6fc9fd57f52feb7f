#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gemini {

/// The sentences of a text in order, without the blanks around them, as views into it.
///
/// Boundaries are those of Unicode (UAX #29, by ICU), with the abbreviations of the language, a BCP-47 code
/// or empty. A single line break is a blank, for texts are wrapped; an empty line ends a sentence.
std::vector<std::string_view> sentences_of (std::string_view text, const std::string &language);

/// Puts neighbours together as long as the result has no more than `most` bytes. The first stays alone: it is
/// waited for.
std::vector<std::string_view> joined_sentences (std::vector<std::string_view> sentences, size_t most);

}  // namespace gemini
