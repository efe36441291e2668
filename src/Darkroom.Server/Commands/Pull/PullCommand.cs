using System.CommandLine;
using System.Text.RegularExpressions;
using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands.Pull;

/// <summary><c>pull</c>: downloads a model into the models folder, where a running server finds it.</summary>
internal static partial class PullCommand
{
    private const string EndpointVariable = "HF_ENDPOINT", TokenVariable = "HF_TOKEN", Hub = "https://huggingface.co";

    public static Command Create(CommonOptions common)
    {
        var source = new Argument<string>("source") { Description = "ORG/NAME of Hugging Face's hub, or the address of a .safetensors file." };
        var revision = new Option<string>("--revision")
            { Description = "Branch, tag or commit. Default: main", HelpName = "name", DefaultValueFactory = static _ => "main" };
        var file = new Option<string?>("--file") { Description = "The file of weights, of a repository that has several.", HelpName = "path" };
        var name = new Option<string?>("--name") { Description = "What to call the model. Default: as it is called there.", HelpName = "id" };
        var sum = new Option<string?>("--sha256") { Description = "What the file must be, where an address is given.", HelpName = "hex" };
        var full = new Option<bool>("--full") { Description = "Weights in float32 where there are float16 ones too." };
        var command = new Command("pull", $"Downloads a model. {EndpointVariable} names another hub, {TokenVariable} a token for it.")
            { source, revision, file, name, sum, full };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellation) => common.GuardAsync(() => RunAsync(common, common.Read(parsed),
            new(parsed.GetRequiredValue(source), parsed.GetValue(revision)!, parsed.GetValue(file), parsed.GetValue(name), parsed.GetValue(sum),
                parsed.GetValue(full)), cancellation)));
        return command;
    }

    private sealed record Wish(string Source, string Revision, string? File, string? Name, string? Sha256, bool Full);

    private static async Task<int> RunAsync(CommonOptions common, ServerOptions options, Wish wish, CancellationToken cancellation)
    {
        string models = DarkroomHost.ReadSettings(options).ModelsPath;
        var endpoint = EndpointOf(Environment.GetEnvironmentVariable(EndpointVariable));
        using var hub = new HubClient(endpoint, Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token ? token : null, TimeProvider.System);
        var job = new PullJob(hub, new PullReport(common.Console, TimeProvider.System));
        try
        {
            string place = Uri.TryCreate(wish.Source, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                ? await FileAsync(job, address!, models, wish, cancellation)
                : await RepositoryAsync(hub, job, models, wish, cancellation);
            await common.Console.Error.WriteLineAsync($"It is in {place}; a running server lists it within seconds.");
            return 0;
        }
        catch (Exception fault) when (fault is PullException or HttpRequestException or IOException or UnauthorizedAccessException)
        {
            await common.Console.Error.WriteLineAsync($"{fault.Message.TrimEnd('.')}. What has come is kept: the same command goes on from there.");
            return 1;
        }
    }

    private static async Task<string> FileAsync(PullJob job, Uri address, string models, Wish wish, CancellationToken cancellation)
    {
        string name = Uri.UnescapeDataString(address.Segments[^1]);
        if (!name.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"'{name}' is no .safetensors file: others are not read.");
        string id = IdOf(wish.Name ?? name[..^".safetensors".Length]), path = Path.Combine(models, id + ".safetensors");
        await job.RunAsync([(new HubFile(name, null, wish.Sha256?.ToLowerInvariant()), address)], _ => path, cancellation);
        return path;
    }

    private static async Task<string> RepositoryAsync(HubClient hub, PullJob job, string models, Wish wish, CancellationToken cancellation)
    {
        if (!Repository().IsMatch(wish.Source)) throw new UsageException($"'{wish.Source}' is neither ORG/NAME of a repository nor an address.");
        var (commit, files) = await hub.ListAsync(wish.Source, wish.Revision, cancellation);
        if (files.FirstOrDefault(file => !IsSafe(file.Path)) is { } strange)
            throw new PullException($"The repository has a file '{strange.Path}', which is no path of a file in a folder");
        var chosen = HubChoice.Of(files, wish.File, wish.Full);
        var fetched = chosen.Select(file => (file, hub.AddressOf(wish.Source, commit, file))).ToList();
        if (chosen is [var only] && only.Name.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            string path = Path.Combine(models, IdOf(wish.Name ?? Path.GetFileNameWithoutExtension(only.Name)) + ".safetensors");
            await job.RunAsync(fetched, _ => path, cancellation);
            return path;
        }
        string folder = Path.Combine(models, IdOf(wish.Name ?? wish.Source[(wish.Source.IndexOf('/') + 1)..]));
        await job.RunAsync(fetched, file => Path.Combine(folder, file.Path.Replace('/', Path.DirectorySeparatorChar)), cancellation);
        return folder;
    }

    private static Uri EndpointOf(string? given) =>
        Uri.TryCreate((string.IsNullOrEmpty(given) ? Hub : given).TrimEnd('/') + "/", UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https" ? address : throw new UsageException($"{EndpointVariable} is '{given}', which is no address.");

    private static string IdOf(string name) => Id().IsMatch(name) ? name
        : throw new UsageException(
            $"'{name}' cannot be a model's name: up to 100 letters, digits, '.', '_', '-', the first a letter or digit; give one with --name.");

    /// <summary>A path that stays where it is put.</summary>
    private static bool IsSafe(string path) => path.Length > 0 && path.Split('/').All(static word =>
        word.Length > 0 && word is not ("." or "..") && !word.Contains('\\', StringComparison.Ordinal) && !word.Any(char.IsControl));

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*$")]
    private static partial Regex Repository();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    private static partial Regex Id();
}
