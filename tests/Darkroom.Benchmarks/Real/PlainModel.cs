using Darkroom.Benchmarks.Real.Exported;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Files;
using Darkroom.Models.Text;
using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Benchmarks.Real;

/// <summary>
/// An exporter's graphs in sessions with ONNX Runtime's own options: all optimisations, arena, memory pattern, threads that spin and are bound to cores. Text
/// encoders, denoiser and decoder are opened one after another, as pipelines do.
/// </summary>
internal sealed class PlainModel : IMeasuredModel
{
    private const int Factor = 8, Channels = 4;

    private readonly List<(InferenceSession Session, long[] Ids)> encoders = [];
    private readonly InferenceSession denoiser, decoder;
    private readonly SessionOptions options = new();
    private readonly RunOptions run = new();
    private readonly int side;
    private readonly float[] latents;
    private Dictionary<string, OrtValue> inputs = [];

    private PlainModel(string folder, string kind, int side, int threads)
    {
        if (threads > 0) options.IntraOpNumThreads = threads;
        this.side = side;
        latents = RealInputs.Latents(Channels * (side / Factor) * (side / Factor));
        string configs = PublishedConfigs.FolderOf(kind == "sdxl" ? "stable-diffusion-xl" : "stable-diffusion-1");
        foreach (string part in (string[])["text_encoder", "text_encoder_2"])
        {
            if (!Directory.Exists(Path.Combine(folder, part))) continue;
            var tokenizer = ClipTokenizer.Load(Path.Combine(configs, FolderLayout.TokenizerOf(part)), ClipTokenizer.StandardLength);
            encoders.Add((Open(folder, part), [.. RealInputs.Texts.SelectMany(text => tokenizer.Cut(text).Ids).Select(id => (long)id)]));
        }
        denoiser = Open(folder, "unet");
        decoder = Open(folder, "vae_decoder");
        Encode();
    }

    /// <summary>Opens the graphs and encodes the texts of the first step.</summary>
    public static PlainModel Open(string folder, string kind, int side, int threads) => new(folder, kind, side, threads);

    public void Encode()
    {
        int rows = RealInputs.Texts.Count, cells = side / Factor;
        var results = encoders.ConvertAll(encoder =>
        {
            string states = StatesOf(encoder.Session);
            using var ids = Tensor(encoder.Ids, rows, ClipTokenizer.StandardLength);
            string[] outputs = encoder.Session.OutputMetadata.ContainsKey("text_embeds") && encoders.Count > 1 ? [states, "text_embeds"] : [states];
            using var values = encoder.Session.Run(run, ["input_ids"], [ids], outputs);
            return values.Select(value => value.GetTensorDataAsSpan<float>().ToArray()).ToArray();
        });
        foreach (var value in inputs.Values) value.Dispose();
        inputs = new()
        {
            ["sample"] = Tensor((float[])[.. latents, .. latents], rows, Channels, cells, cells),
            ["timestep"] = OrtValue.CreateTensorValueFromMemory([RealInputs.Timestep], []),
            ["encoder_hidden_states"] = Joined([.. results.Select(result => result[0])], rows * ClipTokenizer.StandardLength),
        };
        if (encoders.Count == 1) return;
        float[] pooled = results[^1][1];
        inputs["text_embeds"] = Tensor(pooled, rows, pooled.Length / rows);
        float[] sizes = [side, side, 0, 0, side, side];
        inputs["time_ids"] = Tensor((float[])[.. sizes, .. sizes], rows, sizes.Length);
    }

    public float[] Step()
    {
        using var values = denoiser.Run(run, [.. inputs.Keys], [.. inputs.Values], ["out_sample"]);
        return values[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Decode()
    {
        using var value = Tensor(latents, 1, Channels, side / Factor, side / Factor);
        using var values = decoder.Run(run, ["latent_sample"], [value], ["sample"]);
    }

    public void Dispose()
    {
        foreach (var value in inputs.Values) value.Dispose();
        foreach (var (session, _) in encoders) session.Dispose();
        denoiser.Dispose();
        decoder.Dispose();
        options.Dispose();
        run.Dispose();
    }

    private InferenceSession Open(string folder, string part) => new(Path.Combine(folder, part, ExportedFile.Name), options);

    /// <summary>SDXL attends to the states before the last layer.</summary>
    private string StatesOf(InferenceSession encoder)
    {
        const string Each = "hidden_states.";
        int layers = encoder.OutputNames.Count(name => name.StartsWith(Each, StringComparison.Ordinal)) - 1;
        return encoders.Count > 1 ? $"{Each}{layers - 1}" : "last_hidden_state";
    }

    /// <summary>The encoders' states side by side, token for token: [B, T, D].</summary>
    private static OrtValue Joined(float[][] states, int tokens)
    {
        int[] widths = [.. states.Select(values => values.Length / tokens)];
        float[] all = new float[states.Sum(values => values.Length)];
        int at = 0;
        for (int token = 0; token < tokens; token++)
            for (int i = 0; i < states.Length; i++, at += widths[i - 1])
                states[i].AsSpan(token * widths[i], widths[i]).CopyTo(all.AsSpan(at));
        return Tensor(all, RealInputs.Texts.Count, ClipTokenizer.StandardLength, widths.Sum());
    }

    private static OrtValue Tensor<T>(T[] values, params long[] shape) where T : unmanaged => OrtValue.CreateTensorValueFromMemory(values, shape);
}
