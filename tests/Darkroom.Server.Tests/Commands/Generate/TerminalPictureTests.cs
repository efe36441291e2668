using System.Text;
using Darkroom.Imaging;
using Darkroom.Server.Commands.Generate.Terminal;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Commands.Generate;

public sealed class TerminalPictureTests
{
    // Red and green above blue and white.
    private static readonly Picture Four = new(2, 2, 3, [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);

    [Theory]
    [InlineData("TERM=xterm-kitty", typeof(KittyPictures))]
    [InlineData("TERM=xterm-256color KITTY_WINDOW_ID=1", typeof(KittyPictures))]
    [InlineData("TERM=xterm-ghostty", typeof(KittyPictures))]
    [InlineData("TERM=xterm-256color TERM_PROGRAM=iTerm.app", typeof(ITermPictures))]
    [InlineData("TERM=xterm-256color TERM_PROGRAM=WezTerm COLORTERM=truecolor", typeof(ITermPictures))]
    [InlineData("TERM=xterm-256color LC_TERMINAL=iTerm2", typeof(ITermPictures))]
    [InlineData("TERM=xterm-256color COLORTERM=truecolor", typeof(BlockPictures))]
    [InlineData("TERM=screen-256color TMUX=/tmp/tmux TERM_PROGRAM=iTerm.app", typeof(BlockPictures))]
    [InlineData("TERM=tmux-256color KITTY_WINDOW_ID=1", typeof(BlockPictures))]
    [InlineData("TERM=dumb KITTY_WINDOW_ID=1", null)]
    [InlineData("TERM=vt220", null)]
    [InlineData("COLORTERM=truecolor", null)]
    public void A_terminal_is_known_by_its_environment(string environment, Type? kind)
    {
        var variables = environment.Split(' ').Select(one => one.Split('=')).ToDictionary(one => one[0], one => one[1]);
        Assert.Equal(kind, TerminalKind.Of(name => variables.GetValueOrDefault(name))?.GetType());
    }

    [Fact]
    public void A_half_block_is_two_pixels() => Assert.Equal(
        "\e[5G\e[38;2;255;0;0;48;2;0;0;255m▀\e[38;2;0;255;0;48;2;255;255;255m▀\e[0m\e[1B", Draw(new BlockPictures(isTrueColour: true), default));

    [Fact]
    public void A_terminal_of_256_colours_gets_those_of_the_cube() => Assert.Equal(
        "\e[5G\e[38;5;196;48;5;21m▀\e[38;5;46;48;5;231m▀\e[0m\e[1B", Draw(new BlockPictures(isTrueColour: false), default));

    [Fact]
    public void ITerm_gets_the_file_in_base64() =>
        Assert.Equal("\e[5G\e]1337;File=inline=1;size=3;width=2;height=1;preserveAspectRatio=1:AQID\a", Draw(new ITermPictures(), new byte[] { 1, 2, 3 }));

    [Fact]
    public void Kitty_gets_the_file_in_pieces()
    {
        byte[] file = [.. Enumerable.Range(0, 4000).Select(i => (byte)i)];
        string text = Draw(new KittyPictures(), file);
        string[] pieces = text.Split("\e_G");
        Assert.Equal("\e[5G", pieces[0]);
        Assert.StartsWith("a=T,f=100,q=2,C=1,i=1146220000,p=1,c=2,r=1,m=1;", pieces[1]);
        Assert.StartsWith("m=0;", pieces[2]);
        Assert.Equal(3, pieces.Length);
        Assert.All(pieces.Skip(1), piece => Assert.EndsWith("\e\\", piece));
        string[] data = [.. pieces.Skip(1).Select(piece => piece[(piece.IndexOf(';') + 1)..^2])];
        Assert.Equal(4096, data[0].Length);
        Assert.Equal(file, Convert.FromBase64String(string.Concat(data)));
    }

    [Fact]
    public void Previews_are_drawn_over_each_other_and_side_by_side_as_far_as_there_is_room()
    {
        var console = new ScriptedConsole(isInteractive: true, ("TERM", "xterm-kitty")) { Width = 70 };
        var screen = PreviewScreen.Of(console)!;
        byte[] file = TestPictures.Of(64, 64);
        foreach (int index in (int[])[0, 1, 2, 0]) screen.Show(index, file);
        screen.Show(0, "no picture"u8.ToArray());
        string text = console.Errors;
        // 64 x 64 pixels are 32 x 16 characters: two of them in a line of 70.
        Assert.StartsWith("\r\e[2K" + new string('\n', 16) + "\e7\e[16A\e[1G\e_Ga=T", text);
        Assert.Equal(3, text.Split("\e_Ga=T").Length - 1);
        Assert.Contains("\e7\e[16A\e[34G\e_Ga=T,f=100,q=2,C=1,i=1146220001,p=1,c=32,r=16,", text);
        Assert.EndsWith("\e8", text);
    }

    [Fact]
    public void Nothing_is_shown_where_nobody_watches_or_nothing_can_be_seen()
    {
        var redirected = new ScriptedConsole(isInteractive: false, ("TERM", "xterm-kitty"));
        Assert.Null(PreviewScreen.Of(redirected));
        Assert.Empty(redirected.Errors);
        var dumb = new ScriptedConsole(isInteractive: true, ("TERM", "dumb"));
        Assert.Null(PreviewScreen.Of(dumb));
        Assert.Contains("--watch shows nothing", dumb.Errors);
    }

    private static string Draw(ITerminalPictures pictures, ReadOnlyMemory<byte> file)
    {
        var text = new StringBuilder();
        pictures.Draw(text, new PicturePlace(0, 5, 2, 1), Four, file);
        return text.ToString();
    }
}
