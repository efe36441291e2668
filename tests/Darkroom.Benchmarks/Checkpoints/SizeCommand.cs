using System.CommandLine;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;

namespace Darkroom.Benchmarks.Checkpoints;

/// <summary>
/// What each call of a model takes of memory beyond its weights, beside what is estimated for it: sessions, arena and budget as the server has them.
/// </summary>
internal static class SizeCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "A model's folder or file; or sd15, sd21 or sdxl for a made-up checkpoint." };
        var file = new Option<string?>("--file") { Description = "Where the made-up one is kept; else it is written for this run and removed." };
        var denoiser = Sides("--denoiser", "Pixels of the denoiser's calls.");
        var decoder = Sides("--decoder", "Pixels of the decoder's calls.");
        var encoder = Sides("--encoder", "Pixels of the encoder's calls.");
        var rows = new Option<int>("--rows") { Description = "Rows of a call of the denoiser: 2 with guidance.", DefaultValueFactory = _ => 2 };
        var regions = new Option<bool>("--regions") { Description = "The arena grows by regions as tensors ask for them, as it did before." };
        var command = new Command("sizes", "Measured peaks of a model's calls beside their estimates.")
        {
            model, file, denoiser, decoder, encoder, rows, regions,
        };
        command.SetAction(parsed => Run(
            parsed.GetValue(model)!, parsed.GetValue(file), parsed.GetValue(rows), parsed.GetValue(denoiser)!, parsed.GetValue(decoder)!,
            parsed.GetValue(encoder)!, !parsed.GetValue(regions)));
        return command;

        static Option<int[]> Sides(string name, string text) =>
            new(name) { Description = text, AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
    }

    private static void Run(string model, string? file, int rows, int[] denoiser, int[] decoder, int[] encoder, bool pieces)
    {
        bool isThere = Path.Exists(model);
        string path = isThere ? model : file ?? Path.Combine(Directory.CreateTempSubdirectory("darkroom-sizes-").FullName, model + ".safetensors");
        if (!Path.Exists(path)) MadeUpCheckpoint.Write(path, model, half: true);
        try
        {
            var description = ModelFolder.Read(path);
            if (description.Fault is { } fault) throw new InvalidDataException(fault);
            var ledger = MemoryLedger.Of(MemoryLimits.OfProcess);
            var memory = new DeviceMemory(new DeviceSpec { BudgetBytes = description.Parts.Max(part => part.Bytes) }, ledger: ledger);
            ledger.Add(memory);
            using var loaded = ModelFamilies.Create(0).First(one => one.Name == description.Family)
                .LoadAsync(path, description, "bench", memory).GetAwaiter().GetResult();
            Console.WriteLine("| call | side | resident at once, MiB | held by the arena | estimated | estimated / resident | s |");
            Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
            var calls = new SizeCalls(loaded, ledger.Arena!, pieces);
            foreach (int side in denoiser) calls.Denoise(side, rows);
            foreach (int side in decoder) calls.Decode(side);
            foreach (int side in encoder) calls.Encode(side);
        }
        finally
        {
            if (!isThere && file is null) Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }
}
