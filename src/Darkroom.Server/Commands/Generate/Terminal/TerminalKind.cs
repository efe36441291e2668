namespace Darkroom.Server.Commands.Generate.Terminal;

/// <summary>What a terminal can show, by what it says of itself in the environment.</summary>
internal static class TerminalKind
{
    /// <returns>Null: it shows no pictures.</returns>
    public static ITerminalPictures? Of(Func<string, string?> variable)
    {
        var (term, program) = (variable("TERM"), variable("TERM_PROGRAM"));
        if (term is null or "dumb" || term.StartsWith("vt", StringComparison.Ordinal)) return null;
        // tmux and screen keep to themselves what they do not know; the variables of the terminal around them may still be there.
        bool isRelayed = variable("TMUX") is not null || variable("STY") is not null
            || term.StartsWith("screen", StringComparison.Ordinal) || term.StartsWith("tmux", StringComparison.Ordinal);
        if (!isRelayed)
        {
            if (variable("KITTY_WINDOW_ID") is not null || term.Contains("kitty", StringComparison.Ordinal)
                || term.Contains("ghostty", StringComparison.Ordinal) || program == "ghostty")
                return new KittyPictures();
            if (program is "iTerm.app" or "WezTerm" or "mintty" || variable("LC_TERMINAL") == "iTerm2") return new ITermPictures();
        }
        return new BlockPictures(variable("COLORTERM") is "truecolor" or "24bit" || term.EndsWith("-direct", StringComparison.Ordinal));
    }
}
