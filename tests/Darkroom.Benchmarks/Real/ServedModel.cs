using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Text;

namespace Darkroom.Benchmarks.Real;

/// <summary>A checkpoint opened as the server opens it: every part once, calls in the arena that all sessions share, and no budget.</summary>
internal sealed class ServedModel : IMeasuredModel
{
    private readonly IDiffusionModel model;
    private readonly LatentShape shape;
    private readonly float[] latents, answer;
    private DenoiserRow[] rows = [];

    private ServedModel(IDiffusionModel model, int side)
    {
        this.model = model;
        shape = model.Description.LatentsOf(side, side);
        int count = shape.Channels * shape.Height * shape.Width;
        (latents, answer) = (RealInputs.Latents(count), new float[count * RealInputs.Texts.Count]);
        Side = side;
        Encode();
    }

    private int Side { get; }

    /// <summary>Opens the model and encodes the texts of its first step.</summary>
    /// <param name="side">Of its pictures; 0: the model's own.</param>
    /// <param name="spec">The device.</param>
    public static ServedModel Open(string path, int side, DeviceSpec spec)
    {
        var description = ModelFolder.Read(path);
        if (description.Fault is { } fault) throw new InvalidDataException(fault);
        var ledger = MemoryLedger.Of(MemoryLimits.OfProcess);
        var device = new DeviceMemory(spec, ledger: ledger);
        ledger.Add(device);
        var family = ModelFamilies.Create(conditioningCacheBytes: 0).First(one => one.Name == description.Family);
        return new(family.LoadAsync(path, description, "bench", device).GetAwaiter().GetResult(), side > 0 ? side : description.NativeSize);
    }

    public void Encode()
    {
        var texts = model.Tokenize([.. RealInputs.Texts.Select(text => new PromptText(text))], TextReading.Plain);
        var encoded = model.TextEncoders.Select((encoder, index) =>
            Held(encoder, () => encoder.Encode([.. texts.Select(text => text.Encoders[index])], RunWidth.Wide))).ToArray();
        int count = latents.Length;
        rows =
        [
            .. texts.Select((text, row) =>
            {
                var whole = model.Condition(text, [.. encoded.Select(one => one[row])]);
                var conditioning = model.ForRow(whole, new RowConditions { Width = Side, Height = Side, IsNegative = row == 0 });
                return new DenoiserRow(latents, 1, RealInputs.Timestep, conditioning, answer.AsMemory(row * count, count));
            }),
        ];
    }

    public float[] Step()
    {
        Held(model.Denoiser, () =>
        {
            model.Denoiser.Run(shape, rows, RunWidth.Wide);
            return 0;
        });
        return answer;
    }

    public void Decode() => Held(model.Decoder, () => model.Decoder.Decode(shape, [latents], RunWidth.Wide));

    public void Dispose() => model.Dispose();

    private static T Held<T>(IModelPart part, Func<T> call)
    {
        using var lease = part.HoldAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return call();
    }
}
