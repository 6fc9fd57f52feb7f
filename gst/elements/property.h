#pragma once

#include <gst/gst.h>

#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace gemini {

/// An enum property: a plain int in the settings, a registered type outside.
template <typename S>
struct EnumField {
  gint S::*field;
  GType (*type) ();
};

/// Headers of HTTP: a list inside, a structure outside, as in souphttpsrc.
using Headers = std::vector<std::pair<std::string, std::string>>;

inline Headers to_headers (const GstStructure *structure)
{
  Headers headers;
  if (structure != nullptr && gst_structure_n_fields (structure) == 0)
    headers.emplace_back ();  // somebody meant something: as below
  for (gint i = 0; structure != nullptr && i < gst_structure_n_fields (structure); i++) {
    const char *name = gst_structure_nth_field_name (structure, i);
    GValue text = G_VALUE_INIT;
    g_value_init (&text, G_TYPE_STRING);
    // What is no text stays empty, and what is empty is told later.
    g_value_transform (gst_structure_get_value (structure, name), &text);
    const char *value = g_value_get_string (&text);
    headers.emplace_back (name, value != nullptr ? value : "");
    g_value_unset (&text);
  }
  return headers;
}

/// One row says everything about a property: setter, getter, default and the text of gst-inspect come from
/// it.
template <typename S>
struct Property {
  using Field = std::variant<std::string S::*, bool S::*, guint S::*, guint64 S::*, gint S::*, double S::*,
                             Headers S::*, EnumField<S>>;

  const char *name;
  const char *nick;
  const char *blurb;
  Field field;
  double min = 0;
  double max = G_MAXINT;
  int flags = GST_PARAM_MUTABLE_READY;  ///< when a change takes effect
  bool secret = false;                  ///< write-only: it can be given, not asked for
  int only = -1;                        ///< the one API that it means something to; -1: to all
};

template <typename S>
GParamSpec *make_spec (const Property<S> &row)
{
  static const S defaults;
  auto flags = static_cast<GParamFlags> (row.flags | G_PARAM_STATIC_STRINGS | G_PARAM_WRITABLE |
                                         (row.secret ? 0 : G_PARAM_READABLE));
  struct Make {
    const Property<S> &row;
    GParamFlags flags;

    GParamSpec *operator() (std::string S::*field) const
    {
      auto &text = defaults.*field;
      return g_param_spec_string (row.name, row.nick, row.blurb, text.empty () ? nullptr : text.c_str (),
                                  flags);
    }
    GParamSpec *operator() (bool S::*field) const
    {
      return g_param_spec_boolean (row.name, row.nick, row.blurb, defaults.*field, flags);
    }
    GParamSpec *operator() (guint S::*field) const
    {
      return g_param_spec_uint (row.name, row.nick, row.blurb, static_cast<guint> (row.min),
                                static_cast<guint> (row.max), defaults.*field, flags);
    }
    GParamSpec *operator() (guint64 S::*field) const
    {
      return g_param_spec_uint64 (row.name, row.nick, row.blurb, static_cast<guint64> (row.min),
                                  static_cast<guint64> (row.max), defaults.*field, flags);
    }
    GParamSpec *operator() (gint S::*field) const
    {
      return g_param_spec_int (row.name, row.nick, row.blurb, static_cast<gint> (row.min),
                               static_cast<gint> (row.max), defaults.*field, flags);
    }
    GParamSpec *operator() (double S::*field) const
    {
      return g_param_spec_double (row.name, row.nick, row.blurb, row.min, row.max, defaults.*field, flags);
    }
    GParamSpec *operator() (Headers S::*) const
    {
      return g_param_spec_boxed (row.name, row.nick, row.blurb, GST_TYPE_STRUCTURE, flags);
    }
    GParamSpec *operator() (const EnumField<S> &field) const
    {
      return g_param_spec_enum (row.name, row.nick, row.blurb, field.type (), defaults.*field.field, flags);
    }
  };
  return std::visit (Make{row, flags}, row.field);
}

/// Whether it is anything but the default.
template <typename S>
bool is_set (const Property<S> &row, const S &settings)
{
  static const S defaults;
  auto differs = [&] (auto field) {
    if constexpr (std::is_same_v<decltype (field), EnumField<S>>)
      return settings.*field.field != defaults.*field.field;
    else
      return settings.*field != defaults.*field;
  };
  return std::visit (differs, row.field);
}

template <typename S>
void set_field (const Property<S> &row, S &settings, const GValue *value)
{
  struct Set {
    S &settings;
    const GValue *value;

    void operator() (std::string S::*field) const
    {
      const char *text = g_value_get_string (value);
      settings.*field = text != nullptr ? text : "";
    }
    void operator() (bool S::*field) const { settings.*field = g_value_get_boolean (value); }
    void operator() (guint S::*field) const { settings.*field = g_value_get_uint (value); }
    void operator() (guint64 S::*field) const { settings.*field = g_value_get_uint64 (value); }
    void operator() (gint S::*field) const { settings.*field = g_value_get_int (value); }
    void operator() (double S::*field) const { settings.*field = g_value_get_double (value); }
    void operator() (Headers S::*field) const
    {
      settings.*field = to_headers (gst_value_get_structure (value));
    }
    void operator() (const EnumField<S> &field) const { settings.*field.field = g_value_get_enum (value); }
  };
  std::visit (Set{settings, value}, row.field);
}

template <typename S>
void get_field (const Property<S> &row, const S &settings, GValue *value)
{
  struct Get {
    const S &settings;
    GValue *value;

    void operator() (std::string S::*field) const
    {
      auto &text = settings.*field;
      g_value_set_string (value, text.empty () ? nullptr : text.c_str ());
    }
    void operator() (bool S::*field) const { g_value_set_boolean (value, settings.*field); }
    void operator() (guint S::*field) const { g_value_set_uint (value, settings.*field); }
    void operator() (guint64 S::*field) const { g_value_set_uint64 (value, settings.*field); }
    void operator() (gint S::*field) const { g_value_set_int (value, settings.*field); }
    void operator() (double S::*field) const { g_value_set_double (value, settings.*field); }
    void operator() (Headers S::*) const {}  // write-only
    void operator() (const EnumField<S> &field) const { g_value_set_enum (value, settings.*field.field); }
  };
  std::visit (Get{settings, value}, row.field);
}

/// Row i becomes property i + 1.
template <typename S>
void install_properties (GObjectClass *klass, std::span<const Property<S>> rows)
{
  for (guint i = 0; i < rows.size (); i++)
    g_object_class_install_property (klass, i + 1, make_spec (rows[i]));
}

}  // namespace gemini
