using System.Diagnostics;
using Darkroom.Imaging;
using Darkroom.Imaging.Decoding;
using Darkroom.Imaging.Metadata;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Commands;

/// <summary>The commands of the executable, as a person types them.</summary>
public sealed class CommandTests : IDisposable
{
    private static readonly string[] Options = ["--seed", "42", "--steps", "8", "--sampler", "euler", "--size", "64x64"];

    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-commands-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Generate_writes_the_picture_that_HTTP_gives()
    {
        string file = Path.Combine(folder, "f.png");
        var outcome = await RunAsync(["generate", "red apple, 3d render", "--output", file, .. Options]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains(file, outcome.Output);
        Assert.Contains("seed 42", outcome.Output);
        Assert.Empty(outcome.Error);

        await using var server = await StartedServer.StartAsync();
        var answer = await server.Client.PostAsync(new { prompt = "red apple, 3d render", seed = 42, steps = 8, sampler = "euler", width = 64, height = 64 },
            "image/png");
        Assert.Equal(answer.Bytes, await File.ReadAllBytesAsync(file));

        // What its file says makes it again, here and there.
        foreach (string[] where in (string[][])[[], ["--server", server.Client.BaseAddress!.ToString()]])
        {
            var same = await RunAsync(["verify", file, .. where]);
            Assert.Equal((0, $"{file} is the same, made again by starter, whose files are those that made it.\n", ""),
                (same.ExitCode, same.Output, same.Error));
            string nothing = Path.Combine(folder, "nothing.png");
            await File.WriteAllBytesAsync(nothing, PictureEncoder.Encode(Picture.Blank(8, 8, 3), PictureFormat.Png, 90, null));
            var refused = await RunAsync(["verify", nothing, .. where]);
            Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
            Assert.StartsWith("image: The file does not say how the picture was made. (", refused.Error);
            string changed = Path.Combine(folder, "changed.png");
            Assert.True(PictureDecoder.TryDecode(answer.Bytes, PictureLimits.Default, out var picture, out _));
            picture.Pixels[0] ^= 8;
            await File.WriteAllBytesAsync(changed, PictureEncoder.Encode(picture, PictureFormat.Png, 90, PictureMetadata.Read(answer.Bytes).Info));
            var other = await RunAsync(["verify", changed, .. where]);
            Assert.Equal(1, other.ExitCode);
            Assert.StartsWith($"{changed} differs: 99.99 % of its values are the same, and the others differ by at most 8 of 255; starter,", other.Output);
        }
    }

    [Fact]
    public async Task Files_are_named_from_where_the_command_is_typed_by_dotnet_run_too()
    {
        string configuration = new DirectoryInfo(ServerProgram.Path).Parent!.Parent!.Name, project = Path.Combine(Repository.Root, "src", "Darkroom.Server");
        var start = ServerProgram.Start(["run", "--no-build", "-c", configuration, "--project", project, "--",
            "generate", "fox", "--steps", "1", "--seed", "1", "--output", "here.png", "--data-path", folder]);
        (start.FileName, start.WorkingDirectory) = ("dotnet", folder);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(process.ExitCode == 0, await output + await error);
        Assert.True(File.Exists(Path.Combine(folder, "here.png")));
    }

    [Fact]
    public async Task Nothing_is_left_in_the_home_folder()
    {
        string home = Directory.CreateDirectory(Path.Combine(folder, "home")).FullName;
        var start = ServerProgram.Start("generate", "fox", "--steps", "1", "--seed", "1", "--output", Path.Combine(folder, "f.png"));
        start.Environment["HOME"] = home;
        start.Environment.Remove("XDG_CACHE_HOME");
        start.Environment.Remove("ORT_DISABLE_TELEMETRY");
        using var process = Process.Start(start)!;
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(home)); // ONNX Runtime would keep an id of the machine there, for its reports
    }

    [Fact]
    public async Task Several_pictures_get_a_number_each()
    {
        var outcome = await RunAsync(["generate", "fox", "--output", Path.Combine(folder, "fox.webp"), "--count", "2", "--steps", "1", "--seed", "7"]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Equal(["fox-1.webp", "fox-2.webp"], Directory.EnumerateFiles(folder, "fox*").Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_terminal_sees_progress()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no script(1) to give the command a terminal.");
        string file = Path.Combine(folder, "f.png");
        var start = ServerProgram.Start();
        start.FileName = "/usr/bin/script";
        start.ArgumentList.Add("-qec");
        start.ArgumentList.Add($"'{ServerProgram.Path}' generate fox --steps 4 --seed 1 --data-path '{folder}' --output '{file}' >/dev/null");
        start.ArgumentList.Add("/dev/null");
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        string seen = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("[##############################] 5/5", seen); // four steps, and one tile of the model's upscaler
        Assert.True(File.Exists(file));
    }

    [Theory]
    [InlineData("steps must be 1…150", "--steps", "0")]
    [InlineData("width must be", "--size", "65x64")]
    [InlineData("--size is 'huge'", "--size", "huge")]
    [InlineData("There is no such sampler", "--sampler", "eulr")]
    [InlineData("There is no such model", "--model", "nothing")]
    [InlineData("--colour", "--colour", "red")]
    [InlineData("no format of pictures", "--output", "picture.gif")]
    [InlineData("steps must be a whole number", "--steps", "many")]
    public async Task A_bad_option_is_a_sentence_and_an_exit_code(string sentence, params string[] options)
    {
        var outcome = await RunAsync(["generate", "fox", .. options]);
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error);
        Assert.DoesNotContain("   at ", outcome.Error + outcome.Output);
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_a_sentence()
    {
        var outcome = await RunAsync(["generate", "fox", "--steps", "1", "--output", "/proc/fox.png"]);
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains("/proc/fox.png", outcome.Error);
        Assert.DoesNotContain("   at ", outcome.Error);
    }

    [Fact]
    public async Task Models_lists_the_starter_as_the_default()
    {
        var outcome = await RunAsync(["models"]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("starter *", outcome.Output);
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public async Task Doctor_finds_nothing_on_a_good_machine()
    {
        var outcome = await RunAsync(["doctor", "--urls", "http://127.0.0.1:0"]);
        Assert.True(outcome.ExitCode == 0, outcome.Output);
        Assert.Contains("Nothing is wrong.", outcome.Output);
    }

    [Fact]
    public async Task Doctor_opens_graphs_when_asked_and_names_the_file_that_is_wrong()
    {
        using var models = new ModelsFolder().Link("starter", "models", "starter");
        string broken = models.Copy("wrong-decoder", "vae_decoder");
        File.Copy(Path.Combine(broken, "text_encoder", "model.onnx"), Path.Combine(broken, "vae_decoder", "model.onnx"), overwrite: true);
        string[] doctor = ["doctor", "--urls", "http://127.0.0.1:0", "--models-path", models.Path];
        Assert.Equal(0, (await RunAsync(doctor)).ExitCode);

        var outcome = await RunAsync([.. doctor, "--models"]);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("ok       graphs: starter: opens in", outcome.Output);
        Assert.Contains("problem  graphs: wrong-decoder: vae_decoder/model.onnx", outcome.Output);
        Assert.Contains("1 problem.", outcome.Output);
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public async Task A_setting_out_of_range_is_a_sentence()
    {
        var outcome = await RunAsync(["--Darkroom:Engine:MaxBatch=0", "--Darkroom:Engine:MaxBach=3"]);
        Assert.Equal(78, outcome.ExitCode);
        Assert.Contains("Darkroom:Engine:MaxBatch is '0'", outcome.Error);
        Assert.Contains("Darkroom:Engine:MaxBach is no setting", outcome.Error);
    }

    private Task<CommandOutcome> RunAsync(string[] arguments) => ServerProgram.RunAsync([.. arguments, "--data-path", folder]);
}
