using System.Text.RegularExpressions;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Examples;

/// <summary>The table of examples, the files, and the tests are about the same programs.</summary>
public sealed partial class ExampleTableTests
{
    // What a program of the table brings along.
    private static readonly string[] Parts = ["typescript/darkroom.ts", "bot/room.py"];

    [Fact]
    public void Every_program_is_in_the_table_once()
    {
        string examples = Path.Combine(Repository.Root, "examples");
        var programs = Directory.EnumerateFiles(examples, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(examples, file))
            .Where(file => Path.GetExtension(file) is ".sh" or ".py" or ".ts" or ".cs" && !file.Contains("/obj/", StringComparison.Ordinal)).Except(Parts);
        Assert.Equal(programs.Order(StringComparer.Ordinal), ExampleTable.Commands.Select(ExampleTable.FileOf).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_command_of_the_table_is_run()
    {
        string tests = Path.Combine(Repository.Root, "tests", "Darkroom.EndToEnd", "Examples");
        var run = Directory.EnumerateFiles(tests, "*Tests.cs").SelectMany(file => Named().Matches(File.ReadAllText(file))).Select(one => one.Groups[1].Value)
            .ToHashSet();
        Assert.All(ExampleTable.Commands, command => Assert.Contains(ExampleTable.FileOf(command), run));
    }

    [GeneratedRegex(@"\.(?:RunAsync|Start|Of)\(""([\w./-]+)""")]
    private static partial Regex Named();
}
