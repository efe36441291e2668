using System.Text;
using System.Text.RegularExpressions;

namespace Darkroom.Client.Tests.Package;

/// <summary>The blocks of C# of a page as a file that a compiler takes: each a method, with what the page assumes around it.</summary>
internal static partial class PageBlocks
{
    public static string Program(params string[] pages)
    {
        string[] blocks = [.. pages.SelectMany(page => Block().Matches(page)).Select(match => match.Groups[1].Value)];
        Assert.True(blocks.Length >= 8, $"The pages have {blocks.Length} blocks of C#.");
        var file = new StringBuilder("""
            using Darkroom.Client;
            using Microsoft.Extensions.AI;
            using Microsoft.Extensions.DependencyInjection;

            internal static class Page
            {
                private static readonly DarkroomClient darkroom = null!;
                private static GenerationResult result = null!;
                private static DarkroomJob job = null!;
                private static IServiceCollection services = null!;
                private static readonly CancellationToken cancellationToken = CancellationToken.None;

            """);
        foreach (var (index, block) in blocks.Index())
        {
            var lines = block.Split('\n').Where(line => !Using().IsMatch(line));
            file.AppendLine($"    public static async Task Block{index}()\n    {{\n        await Task.Yield();\n{string.Join('\n', lines)}\n    }}\n");
        }
        return file.AppendLine("}").ToString();
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^using [\w.]+;$")]
    private static partial Regex Using();
}
