using System.Text.Json;
using System.Text.RegularExpressions;

namespace Darkroom.Server.Tests.Automatic1111.Infotext;

/// <summary>
/// What AUTOMATIC1111 1.10 reads of an infotext that is pasted into it: its own expressions, with backtracking, and its own defaults. Shares nothing with
/// Darkroom's reader, so that neither can hide the other's faults.
/// </summary>
internal static class WebUiParser
{
    private static readonly Regex Parameter = new("""\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)"""), Size = new(@"^(\d+)x(\d+)$");

    public static Dictionary<string, string> Parse(string text)
    {
        var read = new Dictionary<string, string>();
        string prompt = "", negative = "";
        var isNegative = false;
        var lines = text.Trim().Split('\n').ToList();
        var last = lines[^1];
        lines.RemoveAt(lines.Count - 1);
        if (Parameter.Count(last) < 3)
        {
            lines.Add(last);
            last = "";
        }
        foreach (var raw in lines)
        {
            var line = raw.Trim();
            if (line.StartsWith("Negative prompt:", StringComparison.Ordinal))
            {
                isNegative = true;
                line = line[16..].Trim();
            }
            if (isNegative) negative += (negative == "" ? "" : "\n") + line;
            else prompt += (prompt == "" ? "" : "\n") + line;
        }
        foreach (Match match in Parameter.Matches(last))
        {
            var (key, value) = (match.Groups[1].Value, match.Groups[2].Value);
            if (value.Length == 0) continue;
            if (value[0] == '"' && value[^1] == '"') value = JsonSerializer.Deserialize<string>(value)!;
            if (Size.Match(value) is { Success: true } size) (read[key + "-1"], read[key + "-2"]) = (size.Groups[1].Value, size.Groups[2].Value);
            else read[key] = value;
        }
        (read["Prompt"], read["Negative prompt"]) = (prompt, negative);
        foreach (var (key, value) in ((string, string)[])[("Clip skip", "1"), ("RNG", "GPU"), ("Schedule type", "Automatic"), ("Mask mode", "Inpaint masked"),
            ("Masked content", "original"), ("Inpaint area", "Whole picture"), ("Masked area padding", "32"), ("Hires resize-1", "0"), ("Hires resize-2", "0"),
            ("Hires sampler", "Use same sampler"), ("Hires schedule type", "Use same scheduler"), ("Hires checkpoint", "Use same checkpoint"),
            ("Hires prompt", ""), ("Hires negative prompt", "")])
            read.TryAdd(key, value);
        return read;
    }
}
