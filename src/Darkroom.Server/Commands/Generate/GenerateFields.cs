using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Fields;

namespace Darkroom.Server.Commands.Generate;

/// <summary>The options of a command, from the table of fields: the same validation reads both.</summary>
/// <param name="tasks">What the command can do.</param>
internal sealed class GenerateFields(FieldTasks tasks)
{
    private static readonly FieldInfo[] Sides = [FieldTable.Left, FieldTable.Right, FieldTable.Up, FieldTable.Down];

    private readonly Option<string> size = new(FieldTable.Width.Option!) { Description = "Pixels.", HelpName = "WIDTHxHEIGHT" };

    private readonly IReadOnlyList<(FieldInfo Field, Option<string> Option)> options =
    [
        .. FieldTable.All.Where(field => (field.Tasks & tasks) != 0 && field is { Option: not null, Type: not SizeType })
            .DistinctBy(field => field.Option).Select(field => (field, OptionOf(field))),
    ];

    private bool HasSize => tasks != FieldTasks.Upscale;

    public void AddTo(Command command)
    {
        foreach (var (_, option) in options) command.Add(option);
        if (HasSize) command.Add(size);
    }

    /// <summary>What the options mean: a mask repaints, a side extends, a picture alone is changed.</summary>
    /// <exception cref="UsageException">They mean two things.</exception>
    public GenerationTask TaskOf(ParseResult parsed)
    {
        var (masked, extended) = (IsGiven(parsed, FieldTable.Mask), Sides.Any(side => IsGiven(parsed, side)));
        if (masked && extended)
            throw new UsageException(
                $"{FieldTable.Mask.Option} repaints a part of a picture, and {string.Join(", ", Sides.Select(side => side.Option))} extend it: "
                + "one command does one.");
        return masked ? GenerationTask.Inpaint
            : extended ? GenerationTask.Outpaint
            : IsGiven(parsed, FieldTable.Image) ? GenerationTask.Img2img : GenerationTask.Txt2img;
    }

    /// <exception cref="UsageException">The size is not WIDTHxHEIGHT, or the file's ending is no format.</exception>
    public CommandOrder Order(ParseResult parsed, GenerationTask task, string? file)
    {
        var body = new JsonObject();
        var pictures = new List<(string Field, string Path)>();
        foreach (var (field, option) in options)
            if (parsed.GetValue(option) is { } text)
            {
                if (field.Type is PictureType) pictures.Add((field.Name, text));
                else body[field.Name] = field.Type.IsText ? text : field.Type is FlagType && bool.TryParse(text, out var flag) ? flag : Value(text);
            }
        if (body[FieldTable.Format.Name] is null && FormatOf(file) is { } format) body[FieldTable.Format.Name] = format;
        if (HasSize && parsed.GetValue(size) is { } sides)
        {
            if (sides.Split('x', 'X', '×') is not [var width, var height] || !int.TryParse(width, out var w) || !int.TryParse(height, out var h))
                throw new UsageException($"{size.Name} is '{sides}', and must be WIDTHxHEIGHT, e.g. 64x64.");
            body[FieldTable.Width.Name] = w;
            body[FieldTable.Height.Name] = h;
        }
        return new(task, body, pictures);
    }

    private bool IsGiven(ParseResult parsed, FieldInfo field) => parsed.GetValue(options.First(one => one.Field == field).Option) is not null;

    private static Option<string> OptionOf(FieldInfo field) => new(field.Option!)
    {
        Description = field.Type is ChoiceType or WholeType or WholeChoiceType or NumberType
            ? $"{field.About} {char.ToUpperInvariant(field.Type.Limit[0])}{field.Type.Limit[1..]}."
            : field.About,
        HelpName = field.Type switch
        {
            WholeType or WholeChoiceType or NumberType => "number",
            ChoiceType => "name",
            TextType => "text",
            FlagType => "true|false",
            PictureType => "file",
            _ => "JSON",
        },
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
        ".npy" => "npy",
        var other => throw new UsageException($"'{other}' is no format of pictures here; use .png, .jpg, .webp or .npy, or say --format."),
    };
}
