using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Masks;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;

namespace Darkroom.Engine.Stages.Pictures;

/// <summary>
/// The latents of a picture task while it runs: what the encoder is given, where denoising begins, and what stands under a mask. Draws are taken
/// in the order of diffusers' pipelines: the picture's posterior, the noise, the masked picture's posterior. Other programs draw no posterior here (A1111
/// takes it from a stream that no seed of a request decides, ComfyUI takes the mean).
/// </summary>
/// <param name="work">The pixels.</param>
/// <param name="edit">What was asked.</param>
/// <param name="shape">Of the latents.</param>
/// <param name="seesMask">Whether the network takes mask and masked picture as further channels; else the kept part is blended in after every call.</param>
/// <param name="program">Whose rules are followed in the place of diffusers'; null: diffusers'.</param>
internal sealed class PictureRun(PictureWork work, PictureEdit edit, LatentShape shape, bool seesMask, OtherProgram? program = null) : IEncodedInputs
{
    private readonly float[] picture = new float[shape.Length];
    private readonly float[] noise = new float[shape.Length];
    private readonly float[] kept = new float[work.IsMasked && !seesMask && program is null ? shape.Length : 0];
    private float[] mask = [];
    private KeptLatents? standing; // in the programs that put it back within a call
    private Continuation? continuation;

    /// <summary>The run of a row whose pixels are there.</summary>
    public static PictureRun Of(RowMemory row, ModelDescription model) => new(row.Work!, row.Request.Edit!, row.Shape, model.SeesMask, OtherProgram.Of(row));

    public int Width => work.Width;

    public int Height => work.Height;

    public int Pass { get; private set; }

    public int Passes => work.Passes;

    public bool IsLast => Pass == Passes - 1;

    /// <summary>What the encoder is given in this pass: the picture, and with a mask the picture without what is repainted. // [C, H, W] each</summary>
    public IReadOnlyList<float[]> Inputs { get; private set; } = [];

    /// <summary>The encoder's answers, one for each input.</summary>
    public EncodedPicture?[] Encoded { get; private set; } = [];

    /// <summary>Mask and masked latents for a network that sees them, or the picture's for one that edits it; else empty. // [1 + C, h, w], [C, h, w]</summary>
    public float[] MoreChannels { get; private set; } = [];

    /// <summary>As long, of zeros: for a lane of guidance that is not shown the picture.</summary>
    public float[] NoChannels { get; private set; } = [];

    /// <summary>Whether what stands is blended in after every call.</summary>
    public bool BlendsAfterCalls => kept.Length > 0;

    // Pure noise, as diffusers' inpaint begins at strength 1.
    private bool FromNoise => work.IsMasked && edit.Strength == 1 && program is null;

    /// <summary>Makes a pass's inputs.</summary>
    public void Open()
    {
        float[] whole = work.Input(Pass);
        Inputs = [whole];
        if (work.IsMasked)
        {
            var grey = work.Mask(Pass);
            mask = program?.Read(grey, shape.Width, shape.Height) ?? MaskArithmetic.ToLatents(grey, shape.Width, shape.Height);
            Inputs = [whole, Without(whole, grey)];
            if (BlendsAfterCalls && work.Continues) continuation = new(MaskArithmetic.MeanOfCells(grey, shape.Width, shape.Height));
        }
        Encoded = new EncodedPicture?[Inputs.Count];
    }

    /// <summary>Draws, and sets the latents to where denoising begins.</summary>
    public void Start(Span<float> latents, ISampler sampler, int begin, INoiseSource source)
    {
        if (edit.ShowsPicture)
        {
            (MoreChannels, NoChannels) = (new float[shape.Length], new float[shape.Length]);
            Encoded[0]!.Mode(MoreChannels);
            source.First(latents, shape);
            Latents.Scale(latents, sampler.InitialScale);
            return;
        }
        if (program is not null)
        {
            StartAs(program, latents, sampler, begin, source);
            return;
        }
        if (!(seesMask && FromNoise)) Encoded[0]!.Sample(picture, source);
        source.First(noise, shape);
        if (edit.NoiseMultiplier != 1) Latents.Scale(noise, edit.NoiseMultiplier);
        if (work.IsMasked)
        {
            Encoded[1]!.Sample(latents, source);
            if (seesMask) MoreChannels = [.. mask, .. latents];
        }
        if (FromNoise)
        {
            Latents.Scale(latents, sampler.InitialScale, noise);
        }
        else
        {
            picture.CopyTo(latents);
            Fill(latents, source.Normal);
            sampler.AddNoise(latents, noise, begin);
        }
        // What is to be continued is seen from the first call on.
        if (continuation is not null && sampler.Timesteps.Count > 0) Blend(latents, sampler, begin);
    }

    /// <summary>
    /// After a call: outside of the mask stands the picture, noised to the level of the next call, or ahead of it, at the end the picture itself.
    /// </summary>
    public void Blend(Span<float> latents, ISampler sampler, int? next)
    {
        if (next is null) standing?.Close(latents);
        if (kept.Length == 0) return;
        picture.CopyTo(kept, 0);
        continuation?.Write(mask, sampler, next);
        if (next is { } index) sampler.AddNoise(kept, noise, continuation is null ? index : Continuation.Ahead(sampler, index));
        LatentBlend.Apply(latents, kept, mask, shape);
    }

    /// <summary>Takes what the pass painted, and turns to the next one where there is any. On a large canvas that takes a while.</summary>
    public void Close(DecodedPicture decoded)
    {
        work.Take(Pass, decoded);
        if (!IsLast) Pass++;
    }

    /// <summary>What the network is shown of the latents at a point.</summary>
    public float[] Shown(float[] latents, ISampler sampler, SamplerState state, in EvaluationPoint point) =>
        standing?.Shown(latents, sampler, state, point) ?? latents;

    /// <summary>Puts what stands into an answer of the network.</summary>
    public void Keep(Span<float> output, ReadOnlySpan<float> latents, ISampler sampler, SamplerState state, in EvaluationPoint point) =>
        standing?.Keep(output, latents, sampler, state, point);

    /// <summary>The likeliest latents of the picture, what stands under the mask in their place, and then noise upon all of it.</summary>
    private void StartAs(OtherProgram other, Span<float> latents, ISampler sampler, int begin, INoiseSource source)
    {
        Encoded[0]!.Likeliest(picture);
        source.First(noise, shape);
        if (edit.NoiseMultiplier != 1) Latents.Scale(noise, edit.NoiseMultiplier);
        if (work.IsMasked)
        {
            if (seesMask)
            {
                Encoded[1]!.Likeliest(latents);
                MoreChannels = [.. mask, .. latents];
            }
            Fill(picture, SeededNoise.Restore(other.SeedNoise).Normal);
            standing = new KeptLatents(other.Blending, picture, noise, mask, shape);
        }
        picture.CopyTo(latents);
        sampler.AddNoise(latents, noise, begin);
    }

    /// <summary>What stands under the mask at the start, where it is not the picture: fresh noise, or nothing.</summary>
    private void Fill(Span<float> latents, Draw draw)
    {
        if (edit.Mask?.Fill is not (MaskFill.Noise or MaskFill.Zero)) return;
        var under = new float[shape.Length];
        if (edit.Mask.Fill == MaskFill.Noise) draw(under);
        Span<float> outside = [.. mask];
        foreach (ref float value in outside) value = 1 - value;
        LatentBlend.Apply(latents, under, outside, shape);
    }

    private delegate void Draw(Span<float> destination);

    private static float[] Without(float[] whole, Picture grey)
    {
        float[] rest = [.. whole];
        int plane = grey.Pixels.Length;
        for (int pixel = 0; pixel < plane; pixel++)
            if (grey.Pixels[pixel] >= 128)
                for (int at = pixel; at < rest.Length; at += plane) rest[at] = 0;
        return rest;
    }
}
