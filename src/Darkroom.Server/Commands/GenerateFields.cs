using System.CommandLine;
using System.Text.Json.Nodes;
using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands;

/// <summary>The options of <c>generate</c>, as the fields of a request: the same validation reads both.</summary>
internal sealed class GenerateFields
{
    private readonly Option<string> _negative = new("--negative") { Description = "What the picture should not show.", HelpName = "text" };
    private readonly Option<long?> _seed = new("--seed") { Description = "Decides the noise; drawn where absent.", HelpName = "number" };
    private readonly Option<int?> _steps = new("--steps") { Description = "Denoising steps, 1…150.", HelpName = "number" };
    private readonly Option<string> _sampler = new("--sampler") { Description = "The step rule, e.g. euler, dpmpp_2m.", HelpName = "name" };
    private readonly Option<string> _schedule = new("--schedule") { Description = "The rule of the noise levels, e.g. karras.", HelpName = "name" };
    private readonly Option<double?> _guidance = new("--guidance") { Description = "How strongly the prompt is followed, 0…30.", HelpName = "number" };
    private readonly Option<string> _size = new("--size") { Description = "Pixels.", HelpName = "WIDTHxHEIGHT" };
    private readonly Option<int?> _count = new("--count") { Description = "Pictures, 1…8.", HelpName = "number" };
    private readonly Option<string> _model = new("--model") { Description = "Id of the model.", HelpName = "id" };
    private readonly Option<string> _format = new("--format") { Description = "png, jpeg or webp; the output's ending where absent.", HelpName = "name" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_negative, _seed, _steps, _sampler, _schedule, _guidance, _size, _count, _model, _format]) command.Add(option);
    }

    /// <exception cref="SettingsException">The size is not WIDTHxHEIGHT.</exception>
    public JsonObject Body(ParseResult parsed, string prompt, string? file)
    {
        var body = new JsonObject
        {
            ["prompt"] = prompt,
            ["negative_prompt"] = parsed.GetValue(_negative),
            ["seed"] = parsed.GetValue(_seed),
            ["steps"] = parsed.GetValue(_steps),
            ["sampler"] = parsed.GetValue(_sampler),
            ["schedule"] = parsed.GetValue(_schedule),
            ["guidance_scale"] = parsed.GetValue(_guidance),
            ["count"] = parsed.GetValue(_count),
            ["model"] = parsed.GetValue(_model),
            ["format"] = parsed.GetValue(_format) ?? FormatOf(file),
        };
        if (parsed.GetValue(_size) is not { } size) return body;
        if (size.Split('x', 'X', '×') is not [var width, var height] || !int.TryParse(width, out var w) || !int.TryParse(height, out var h))
            throw new SettingsException($"--size is '{size}', and must be WIDTHxHEIGHT, e.g. 64x64.");
        body["width"] = w;
        body["height"] = h;
        return body;
    }

    /// <exception cref="SettingsException">The file's ending is no format.</exception>
    private static string? FormatOf(string? file) => Path.GetExtension(file)?.ToLowerInvariant() switch
    {
        null or "" => null,
        ".png" => "png",
        ".jpg" or ".jpeg" => "jpeg",
        ".webp" => "webp",
        var other => throw new SettingsException($"'{other}' is no format of pictures here; use .png, .jpg or .webp, or say --format."),
    };
}
