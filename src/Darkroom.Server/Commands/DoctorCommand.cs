using System.CommandLine;
using Darkroom.Server.Commands.Doctor;
using Darkroom.Server.Commands.Shelf;
using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands;

/// <summary><c>doctor</c>: what is wrong with this machine or a model folder, in plain words; exit code 1 where something is.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("doctor", "Checks this machine, the settings and the models.") { TreatUnmatchedTokensAsErrors = false };
        var models = new Option<bool>("--models")
        {
            Description = "Explain every file under the models path, and open every model and upscaler; takes as long as loading them all.",
        };
        command.Options.Add(models);
        command.SetAction((parsed, _) => common.GuardAsync(
            () => RunAsync(common.Read(parsed, ("Darkroom:LogFormat", "off")), parsed.GetValue(models), common.Console)));
        return command;
    }

    private static async Task<int> RunAsync(ServerOptions options, bool models, IConsole console)
    {
        using var host = DarkroomHost.BuildWorker(options);
        var problems = 0;
        foreach (var check in Checks(host.Services))
            foreach (var finding in check.Run()) await SayAsync(check.Name, finding);
        if (models)
        {
            var files = new FilesCheck(ActivatorUtilities.CreateInstance<ModelShelf>(host.Services));
            foreach (var finding in files.Run()) await SayAsync(files.Name, finding);
            await foreach (var finding in ActivatorUtilities.CreateInstance<GraphsCheck>(host.Services).RunAsync()) await SayAsync(GraphsCheck.Name, finding);
        }
        await console.Out.WriteLineAsync(problems switch { 0 => "Nothing is wrong.", 1 => "1 problem.", _ => $"{problems} problems." });
        return problems == 0 ? 0 : 1;

        Task SayAsync(string check, Finding finding)
        {
            if (!finding.IsGood) problems++;
            return console.Out.WriteLineAsync($"{(finding.IsGood ? "ok      " : "problem ")} {check}: {finding.Text}");
        }
    }

    private static IDoctorCheck[] Checks(IServiceProvider services) =>
    [
        new RuntimeCheck(),
        new NativeLibraryCheck("libvips", ["libvips.so.42", "libvips-42.dll", "libvips.42.dylib"]),
        new NativeLibraryCheck("ONNX Runtime", ["onnxruntime", "libonnxruntime.so"]),
        ActivatorUtilities.CreateInstance<DevicesCheck>(services),
        ActivatorUtilities.CreateInstance<DataPathCheck>(services),
        ActivatorUtilities.CreateInstance<PortCheck>(services),
        ActivatorUtilities.CreateInstance<MemoryCheck>(services),
        ActivatorUtilities.CreateInstance<ModelsCheck>(services),
        ActivatorUtilities.CreateInstance<StylesCheck>(services),
    ];
}
