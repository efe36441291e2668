using System.CommandLine;
using Darkroom.Benchmarks.Checkpoints;
using Darkroom.Models.Checkpoints;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks.Profile;

/// <summary><c>profile</c>: where a guided step's and a decoding's time goes, and how far the machine's own matrix product is.</summary>
internal static class ProfileCommand
{
    public static RootCommand Create()
    {
        var model = new Argument<string>("model")
        {
            Description = "starter, a model of models/ by its id, a folder or a file; sd15, sd21 or sdxl: one of that size with random weights.",
        };
        var side = new Option<int>("--side") { Description = "Width and height of the picture; 0: the model's own." };
        var calls = new Option<int>("--calls") { Description = "Calls of each network; the fastest is shown.", DefaultValueFactory = _ => 3 };
        var threads = new Option<int>("--threads") { Description = "Of every session; 0: one for each core." };
        var output = new Option<string?>("--out") { Description = "Writes the tables there as well." };
        var command = new RootCommand("Time of a guided step and of a decoding, by operator and by part of the network.")
            { model, side, calls, threads, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            string folder = Directory.CreateTempSubdirectory("darkroom-profile-").FullName;
            try
            {
                string path = PathOf(parsed.GetValue(model)!, folder);
                var run = new ProfileRun(path, parsed.GetValue(side), parsed.GetValue(threads), parsed.GetValue(calls), Path.Combine(folder, "profile"));
                string text = run.Text();
                Console.WriteLine(text);
                if (parsed.GetValue(output) is { } file) await File.WriteAllTextAsync(file, text, cancellation);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
            return 0;
        });
        return command;
    }

    private static string PathOf(string model, string folder)
    {
        if (Path.Exists(model)) return model;
        string known = Path.Combine(Repository.Root, "models", model);
        if (Path.Exists(known)) return known;
        if (Path.Exists(known + CheckpointFile.Extension)) return known + CheckpointFile.Extension;
        string made = Path.Combine(folder, model + CheckpointFile.Extension);
        MadeUpCheckpoint.Write(made, model, half: true);
        return made;
    }
}
