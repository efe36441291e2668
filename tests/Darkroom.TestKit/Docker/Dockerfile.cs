using System.Text.Json;
using System.Text.RegularExpressions;

namespace Darkroom.TestKit.Docker;

/// <summary>A Dockerfile as its stages. It reads what this repository's has (no heredocs, no escapes but the one at a line's end).</summary>
public sealed partial class Dockerfile
{
    private Dockerfile(IReadOnlyList<DockerInstruction> globals, IReadOnlyList<DockerStage> stages) => (Globals, Stages) = (globals, stages);

    /// <summary>What stands before the first stage.</summary>
    public IReadOnlyList<DockerInstruction> Globals { get; }

    public IReadOnlyList<DockerStage> Stages { get; }

    public DockerStage this[string stage] => Stages.Single(one => one.Name == stage);

    public static Dockerfile Parse(string text)
    {
        var globals = new List<DockerInstruction>();
        var stages = new List<DockerStage>();
        foreach (var instruction in Instructions(text))
        {
            if (instruction.Keyword == "FROM") stages.Add(DockerStage.Begin(instruction));
            else if (stages.Count == 0) globals.Add(instruction);
            else stages[^1] = stages[^1] with { Instructions = [.. stages[^1].Instructions, instruction] };
        }
        return new(globals, stages);
    }

    /// <summary>A stage and those that it goes on from, the first of them first.</summary>
    public IReadOnlyList<DockerStage> ChainOf(string stage) =>
        Stages.Any(one => one.Name == this[stage].Base) ? [.. ChainOf(this[stage].Base), this[stage]] : [this[stage]];

    private static IEnumerable<DockerInstruction> Instructions(string text)
    {
        string whole = "";
        foreach (string line in text.Split('\n').Select(line => line.Trim()).Where(line => !line.StartsWith('#')))
        {
            if (line.EndsWith('\\'))
            {
                whole += line[..^1] + " ";
                continue;
            }
            whole += line;
            if (whole.Length > 0) yield return Instruction(whole);
            whole = "";
        }
        if (whole.Length > 0) throw new FormatException($"It ends within an instruction: {whole}");
    }

    private static DockerInstruction Instruction(string line)
    {
        string[] parts = line.Split(' ', 2, StringSplitOptions.TrimEntries);
        string rest = parts.Length > 1 ? parts[1] : "";
        var flags = new Dictionary<string, string>();
        while (Flag().Match(rest) is { Success: true } flag)
        {
            flags[flag.Groups["name"].Value] = flag.Groups["value"].Value;
            rest = rest[flag.Length..];
        }
        return new(parts[0].ToUpperInvariant(), flags, rest);
    }

    [GeneratedRegex(@"^--(?<name>[a-z-]+)=(?<value>\S+)\s+")]
    private static partial Regex Flag();
}

/// <param name="Name">What other stages and <c>--target</c> call it.</param>
/// <param name="Base">An image, or the name of a stage before.</param>
/// <param name="Instructions">What follows its FROM.</param>
public sealed record DockerStage(string Name, string Base, IReadOnlyList<DockerInstruction> Instructions)
{
    public IEnumerable<DockerInstruction> All(string keyword) => Instructions.Where(one => one.Keyword == keyword);

    public DockerInstruction The(string keyword) => All(keyword).Single();

    /// <summary>Its environment, without that of its base.</summary>
    public IReadOnlyDictionary<string, string> Environment => All("ENV").SelectMany(one => one.Pairs).ToDictionary(pair => pair.Name, pair => pair.Value);

    internal static DockerStage Begin(DockerInstruction from) => from.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var image, "AS", var name]
        ? new(name, image, [])
        : throw new FormatException($"A stage without a name: FROM {from.Text}");
}

/// <param name="Keyword">In capitals.</param>
/// <param name="Flags">Without the dashes.</param>
/// <param name="Text">What follows, on one line.</param>
public sealed partial record DockerInstruction(string Keyword, IReadOnlyDictionary<string, string> Flags, string Text)
{
    /// <summary>The words of the JSON form; null where it is in the shell's.</summary>
    public IReadOnlyList<string>? Exec => Words(Text);

    /// <summary>The command of a HEALTHCHECK in JSON form; null where it is in the shell's.</summary>
    public IReadOnlyList<string>? Check => Text.StartsWith("CMD ", StringComparison.Ordinal) ? Words(Text[4..]) : null;

    /// <summary>What COPY takes.</summary>
    public IReadOnlyList<string> Sources => Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..^1];

    /// <summary>Where COPY puts it.</summary>
    public string Target => Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];

    /// <summary>Of ENV, LABEL and ARG: names and values, unquoted.</summary>
    public IEnumerable<(string Name, string Value)> Pairs =>
        Pair().Matches(Text).Select(pair => (pair.Groups["name"].Value, pair.Groups["quoted"].Value + pair.Groups["plain"].Value));

    private static string[]? Words(string text) => text.StartsWith('[') ? JsonSerializer.Deserialize<string[]>(text) : null;

    [GeneratedRegex("(?<name>[A-Za-z][A-Za-z0-9_.]*)=(?:\"(?<quoted>[^\"]*)\"|(?<plain>\\S*))")]
    private static partial Regex Pair();
}
