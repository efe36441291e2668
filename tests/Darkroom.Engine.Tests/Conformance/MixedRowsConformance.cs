using System.Text.Json;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Stages;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>
/// Every layout of the pack's pipelines, run with rows of different cases in one batch, each at its own step: every row gives its golden picture, whatever
/// kind of timestep its graph was exported with.
/// </summary>
[Trait("Category", "Conformance")]
public sealed class MixedRowsConformance
{
    private const int Rows = 10;

    [Fact]
    public void Rows_of_different_cases_share_calls_and_give_their_golden_pictures()
    {
        var failures = new List<string>();
        foreach (var (family, layout) in Layouts())
        {
            try
            {
                using var folder = PackLayout.Complete(family, layout);
                using var model = Load(folder.Path);
                if (model.Description.Capabilities.Precision == "float16") continue; // its own test
                Run(family, layout, model);
            }
            catch (ConformanceException e)
            {
                failures.Add(e.Message);
            }
        }
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    [Fact]
    public void A_float16_graph_gives_each_step_of_mixed_rows_within_3e_3_of_float32()
    {
        foreach (var (family, layout) in Layouts())
        {
            using var folder = PackLayout.Complete(family, layout);
            using var half = Load(folder.Path);
            if (half.Description.Capabilities.Precision != "float16") continue;
            using var measure = new Measure($"pipelines/{family}/mixed rows", layout);
            using var whole = new SideBySide(Load(ConformancePack.PathOf("pipelines", family, "onnx")), half);
            measure.Equal("rows have their own timesteps", true, half.Denoiser.TimestepPerRow);
            var driver = DriverOf(family, whole, onlyWholeTimesteps: false, out _);
            measure.Equal("batches were mixed", true, driver.RunMixed((_, _) => { }) > 0);
            measure.Bound("furthest answer, of its largest value", whole.Furthest, 3e-3);
        }
    }

    private static void Run(string family, string layout, IDiffusionModel model)
    {
        using var measure = new Measure($"pipelines/{family}/mixed rows", layout);
        measure.Equal("rows have their own timesteps", true, model.Denoiser.TimestepPerRow);
        bool whole = model.Description.Capabilities.TimestepType is "int64" or "int32";
        var driver = DriverOf(family, model, whole, out var names);
        if (names.Count < 2 || !Overlap(driver.Rows)) return;
        var goldens = names.Select(name => ConformancePack.Tensors("pipelines", family, "cases", name + ".safetensors")).ToList();
        int mixed = driver.RunMixed((row, call) =>
        {
            if (goldens[row].Has($"latents_after_{call}"))
                measure.Close(
                    $"{names[row]}: latents after call {call}", goldens[row][$"latents_after_{call}"][0],
                    PipelineConformance.AsGolden(driver.Rows[row], goldens[row]), 5e-5);
        });
        measure.Equal("batches were mixed", true, mixed > 0);
        for (int i = 0; i < names.Count; i++)
        {
            var json = ConformancePack.Json("pipelines", family, "cases", names[i] + ".json");
            string file = json.GetProperty("pictures")[0].GetString()!;
            PixelComparison.Check(measure, file, File.ReadAllBytes(ConformancePack.PathOf("pipelines", family, "cases", file)), driver.Rows[i].Painted!);
        }
    }

    /// <summary>Whether any two rows have a size in common while both run: a family of a few cases with a few steps each may have none.</summary>
    private static bool Overlap(IReadOnlyList<RowMemory> rows) => rows.Any(row => rows.Any(later =>
        later.Number > row.Number && later.Number - row.Number < row.Request.StepsRun && later.Shape == row.Shape));

    /// <summary>Cases of one picture, spread over the family's list.</summary>
    private static RowDriver DriverOf(string family, IDiffusionModel model, bool onlyWholeTimesteps, out List<string> names)
    {
        var cases = ConformancePack.CaseNames("pipelines", family, "cases")
            .Select(name => (Name: name, Json: ConformancePack.Json("pipelines", family, "cases", name + ".json")))
            .Where(one => PipelineConformance.IsCovered(one.Json) && one.Json.GetProperty("pictures").GetArrayLength() == 1
                && one.Json.GetProperty("given").ValueKind == JsonValueKind.Object
                && !one.Json.GetProperty("given").EnumerateObject().Any()
                && (!onlyWholeTimesteps || one.Json.GetProperty("denoiser_timesteps").EnumerateArray().All(time => double.IsInteger(Measure.Number(time)))))
            .ToList();
        int step = Math.Max(1, cases.Count / Rows);
        var driver = new RowDriver(model);
        names = [];
        foreach (var (name, json) in cases.Where((_, i) => i % step == 0).Take(Rows))
        {
            var request = PipelineConformance.RequestOf(json.GetProperty("arguments"), 0, 1);
            var sampler = PipelineConformance.SamplerOf(family, json, model.Description, request);
            var noise = PackNoise.ForRows(json, 1, sampler);
            driver.Add(request, sampler, noise[0]);
            names.Add(name);
        }
        return driver;
    }

    private static IDiffusionModel Load(string folder) =>
        ModelFolder.Load(folder, new SessionSettings());

    private static IEnumerable<(string Family, string Layout)> Layouts()
    {
        string root = Path.Combine(ConformancePack.Root, "pipelines");
        if (!Directory.Exists(root)) yield break;
        foreach (string family in Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal))
            if (File.Exists(Path.Combine(family, "onnx", "model_index.json")) && ModelFolder.Read(Path.Combine(family, "onnx")).Fault is null)
                foreach (string layout in Directory.EnumerateDirectories(family, "onnx*").Order(StringComparer.Ordinal))
                    if (File.Exists(Path.Combine(layout, "unet", "model.onnx")) || File.Exists(Path.Combine(layout, "transformer", "model.onnx")))
                        yield return (Path.GetFileName(family), Path.GetFileName(layout));
    }

    /// <summary>A model that gives every call of its denoiser to another model too, and keeps how far the answers lie apart.</summary>
    private sealed class SideBySide(IDiffusionModel main, IDiffusionModel other) : IDiffusionModel, IDenoiser
    {
        public double Furthest { get; private set; }

        public ModelDescription Description => main.Description;
        public string ContentHash => main.ContentHash;
        public IReadOnlyList<ITextEncoder> TextEncoders => main.TextEncoders;
        public IDenoiser Denoiser => this;
        public ILatentEncoder? Encoder => main.Encoder;
        public ILatentDecoder Decoder => main.Decoder;
        public IEnumerable<IModelPart> Parts => main.Parts;
        public string Name => main.Denoiser.Name;
        public bool TimestepPerRow => main.Denoiser.TimestepPerRow;

        public IReadOnlyList<TokenizedText> Tokenize(IReadOnlyList<PromptText> texts, TextReading reading) => main.Tokenize(texts, reading);
        public Conditioning? FindConditioning(TokenizedText text) => main.FindConditioning(text);
        public Conditioning Condition(TokenizedText text, IReadOnlyList<EncodedText> encoded) => main.Condition(text, encoded);
        public Conditioning ForRow(Conditioning text, RowConditions row) => main.ForRow(text, row);
        public void Dispose() => main.Dispose();

        public void Run(LatentShape shape, ReadOnlyMemory<DenoiserRow> rows, RunWidth width)
        {
            main.Denoiser.Run(shape, rows, width);
            var copies = rows.ToArray().Select(row => row with { Output = new float[row.Output.Length] }).ToArray();
            other.Denoiser.Run(shape, copies, width);
            for (int i = 0; i < copies.Length; i++)
            {
                float[] golden = rows.Span[i].Output.ToArray(), answer = copies[i].Output.ToArray();
                double largest = golden.Max(value => Math.Abs((double)value));
                Furthest = Math.Max(Furthest, golden.Zip(answer, (a, b) => Math.Abs((double)a - b)).Max() / largest);
            }
        }
    }
}
