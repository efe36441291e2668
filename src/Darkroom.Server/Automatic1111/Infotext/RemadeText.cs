using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Darkroom.Server.Automatic1111.Infotext;

/// <summary>Prompts, and the LoRAs in them.</summary>
internal static partial class RemadeText
{
    public static void Set(InfotextValues values, bool isOwn, JsonObject fields, RemadeParts parts, List<string> missing)
    {
        var isPlain = isOwn && values.Text("Prompt style") == "plain";
        fields["prompt"] = values.Prompt;
        if (isPlain) SetPlain(values.Prompt, fields);
        // What has no line may have been empty or none: A1111 encodes the empty text, Darkroom's requests say neither most of the time.
        if (values.NegativePrompt.Length > 0 || (!isOwn && !values.Has("Distilled CFG Scale"))) fields["negative_prompt"] = values.NegativePrompt;
        if (isOwn) fields["prompt_style"] = isPlain ? "plain" : "weighted";
        foreach (Match tag in Tag().Matches(values.Prompt))
            if (parts.Loras.Find(tag.Groups[1].Value) is null) missing.Add($"loras: '{tag.Groups[1].Value}' is not on this server");
    }

    /// <summary>Tags behind a prompt that is taken as it stands: the request named these LoRAs beside it.</summary>
    private static void SetPlain(string prompt, JsonObject fields)
    {
        var tags = LastTags().Match(prompt);
        if (!tags.Success) return;
        var loras = new JsonArray();
        foreach (Match tag in Tag().Matches(tags.Value))
        {
            // Of two weights the first is the text encoders', which a request does not name.
            var weight = tag.Groups[2].Value.Split(':')[^1];
            if (!double.TryParse(weight, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return;
            loras.Add(new JsonObject { ["id"] = tag.Groups[1].Value, ["weight"] = number });
        }
        (fields["prompt"], fields["loras"]) = (prompt[..tags.Index], loras);
    }

    [GeneratedRegex("<lora:([^:<>]+):?([^<>]*)>")]
    private static partial Regex Tag();

    [GeneratedRegex("(?: ?<lora:[^<>]+>)+$", RegexOptions.NonBacktracking)]
    private static partial Regex LastTags();
}
