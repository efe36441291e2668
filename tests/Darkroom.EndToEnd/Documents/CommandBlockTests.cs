using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Documents;

/// <summary>What the documents tell a reader to type works as it stands.</summary>
public sealed class CommandBlockTests
{
    public static TheoryData<string> WithBlocks => [.. CommandBlock.Documents.Where(document => CommandBlock.Read(document).Any(block => block.Runs == true))];

    [Fact]
    public void Every_block_of_commands_says_whether_it_is_run()
    {
        var blocks = CommandBlock.Documents.SelectMany(CommandBlock.Read).ToList();
        Assert.NotEmpty(blocks);
        var silent = blocks.Where(block => block.Runs is null).Select(block => block.Place).ToList();
        Assert.True(silent.Count == 0, "Before each of these blocks stands neither <!-- run --> nor <!-- not run: why -->:\n" + string.Join('\n', silent));
    }

    [Theory]
    [MemberData(nameof(WithBlocks))]
    public async Task Blocks_run_as_a_reader_types_them(string document)
    {
        Assert.SkipUnless(ReaderShell.IsThere, "There is no bash, or no curl.");
        using var shell = new ReaderShell();
        var (exitCode, output) = await shell.RunAsync(CommandBlock.Read(document).Where(block => block.Runs == true));
        Assert.True(exitCode == 0, output);
        if (document == "README.md") Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "docs", "apple.png")), shell.Read("apple.png"));
    }
}
