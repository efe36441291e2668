using System.Text;
using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>
/// A field of the native API: everything that is said of it, once. Validation, the defaults of models, the OpenAPI document, the command line and
/// <c>docs/fields.md</c> read it here.
/// </summary>
/// <param name="name">Its name on the wire; a name stands in several rows where tasks differ in what they say of it.</param>
/// <param name="type">Its values.</param>
/// <param name="tasks">The tasks that take it.</param>
/// <param name="about">What it means, in a sentence or two.</param>
public sealed class FieldInfo(string name, FieldType type, FieldTasks tasks, string about)
{
    public string Name => name;

    public FieldType Type => type;

    public FieldTasks Tasks => tasks;

    public string About => about;

    public bool IsRequired { get; init; }

    /// <summary>Whether some models do without it all the same: then who knows the model asks for it.</summary>
    public bool ModelsWaive { get; init; }

    /// <summary>Whether its value is personal: never repeated in a problem, never logged.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>What a request has that does not give it and whose model sets none; null: nothing, or what <see cref="DefaultText"/> says.</summary>
    public object? Default { get; init; }

    /// <summary>The same in words, where it depends on other values; null for a plain one.</summary>
    public string? DefaultText { get; init; }

    /// <summary>What the server falls back to, in words; null: nothing.</summary>
    public string? FallbackText => DefaultText ?? (Default is null ? null : Text(Default));

    /// <summary>Whether <c>defaults</c> of a model's <c>darkroom.json</c> may set it.</summary>
    public bool ModelSets { get; init; }

    /// <summary>Whether only models that list it among their capabilities take it; the others refuse it by name.</summary>
    public bool NeedsCapability { get; init; }

    /// <summary>What AUTOMATIC1111's API calls it; null where it has no such field.</summary>
    public string? A1111 { get; init; }

    /// <summary>What OpenAI's image API calls it; null where it has no such field.</summary>
    public string? OpenAi { get; init; }

    /// <summary>The option of <c>darkroom generate</c> or <c>darkroom upscale</c>; null: none.</summary>
    public string? Option { get; init; }

    /// <summary>What the OpenAPI document calls its list of names: some generators choke on a list without a name in a field named <c>return</c>.</summary>
    public string SchemaName { get; init; } = string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    public override string ToString() => Name;

    private string Text(object value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) type.Write(writer, value);
        return Encoding.UTF8.GetString(buffer.ToArray()).Trim('"');
    }
}
