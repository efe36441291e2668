using System.CommandLine;
using System.Globalization;

namespace Darkroom.Server.Commands.Generate;

/// <summary><c>verify fox.png</c>: whether a picture is what its file says, without a server or by one.</summary>
internal static class VerifyCommand
{
    public static Command Create(CommonOptions common)
    {
        var image = new Argument<string>("file") { Description = "The picture, as it was saved: PNG, JPEG or WebP." };
        var server = new ServerChoice();
        var command = new Command("verify", "Makes a picture again by what its file says, and tells whether it is the same: exit code 0 if it is.") { image };
        command.TreatUnmatchedTokensAsErrors = false;
        server.AddTo(command);
        command.SetAction((parsed, cancellation) => common.GuardAsync(() =>
        {
            var (console, path) = (common.Console, parsed.GetRequiredValue(image));
            var view = new RunView(console, null);
            return CommandRun.RunAsync(
                server.Read(parsed, console), common.Read(parsed, CommonOptions.QuietLog), view, maker => maker.VerifyAsync(path, view, cancellation),
                end => TellAsync(end, path, console), cancellation);
        }));
        return command;
    }

    private static async Task<int> TellAsync(RunEnd end, string path, IConsole console)
    {
        if (end is RunEnd.Refused(var lines))
        {
            foreach (string line in lines) await console.Error.WriteLineAsync(line);
            return 1;
        }
        var (model, found, warnings) = (RunEnd.Verified)end;
        foreach (string warning in warnings) await console.Error.WriteLineAsync("warning: " + warning);
        string hash = found.ModelHashMatches switch
        {
            true => ", whose files are those that made it",
            false => ", whose files are not those that made it",
            null => "",
        };
        // Rounded down: what differs is never all the same.
        string share = (Math.Floor(1e4 * found.EqualValues) / 100).ToString("0.##", CultureInfo.InvariantCulture);
        await console.Out.WriteLineAsync(path + (found.Same ? $" is the same, made again by {model}{hash}."
            : found.MaxDifference is { } largest
                ? $" differs: {share} % of its values are the same, and the others differ by at most {largest} of 255; {model}{hash}."
            : $" has another size than what {model} makes of what its file says{hash}."));
        return found.Same ? 0 : 1;
    }
}
