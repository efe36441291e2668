using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Models.Fields;

namespace Darkroom.Server.Commands;

/// <summary>The options of <c>generate</c>, from the table of fields: the same validation reads both.</summary>
internal sealed class GenerateFields
{
    private readonly Option<string> size = new(FieldTable.Width.Option!) { Description = "Pixels.", HelpName = "WIDTHxHEIGHT" };

    private readonly IReadOnlyList<(FieldInfo Field, Option<string> Option)> options =
        [.. FieldTable.Of(FieldTasks.Txt2img).Where(field => field is { Option: not null, Type: not SizeType }).Select(field => (field, OptionOf(field)))];

    public void AddTo(Command command)
    {
        foreach (var (_, option) in options) command.Add(option);
        command.Add(size);
    }

    /// <exception cref="UsageException">The size is not WIDTHxHEIGHT, or the file's ending is no format.</exception>
    public JsonObject Body(ParseResult parsed, string prompt, string? file)
    {
        var body = new JsonObject { [FieldTable.Prompt.Name] = prompt };
        foreach (var (field, option) in options)
            if (parsed.GetValue(option) is { } text)
                body[field.Name] = field.Type.IsText ? text : field.Type is FlagType && bool.TryParse(text, out var flag) ? flag : Value(text);
        if (body[FieldTable.Format.Name] is null && FormatOf(file) is { } format) body[FieldTable.Format.Name] = format;
        if (parsed.GetValue(size) is not { } sides) return body;
        if (sides.Split('x', 'X', '×') is not [var width, var height] || !int.TryParse(width, out var w) || !int.TryParse(height, out var h))
            throw new UsageException($"{size.Name} is '{sides}', and must be WIDTHxHEIGHT, e.g. 64x64.");
        body[FieldTable.Width.Name] = w;
        body[FieldTable.Height.Name] = h;
        return body;
    }

    private static Option<string> OptionOf(FieldInfo field) => new(field.Option!)
    {
        Description = field.Type is ChoiceType or WholeType or NumberType
            ? $"{field.About} {char.ToUpperInvariant(field.Type.Limit[0])}{field.Type.Limit[1..]}."
            : field.About,
        HelpName = field.Type switch { WholeType or NumberType => "number", ChoiceType => "name", TextType => "text", FlagType => "true|false", _ => "JSON" },
    };

    // What is no JSON is a text, which the field then refuses with its reason.
    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    /// <exception cref="UsageException">The file's ending is no format.</exception>
    private static string? FormatOf(string? file) => Path.GetExtension(file)?.ToLowerInvariant() switch
    {
        null or "" => null,
        ".png" => "png",
        ".jpg" or ".jpeg" => "jpeg",
        ".webp" => "webp",
        var other => throw new UsageException($"'{other}' is no format of pictures here; use .png, .jpg or .webp, or say --format."),
    };
}
