using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Imaging;
using Darkroom.Imaging.Masks;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Text;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>
/// Whole pictures as A1111 and ComfyUI make them, against plain loops written here: k-diffusion's formulas in double around the model's own denoiser and
/// encoder, with noise levels and timesteps interpolated here, and noise of the generators that the pack's goldens prove.
/// </summary>
public sealed class CompatiblePictureTests : IDisposable
{
    private const int Side = 64, Seed = 1234;
    private static readonly double[] Sigmas = TrainingSigmas();

    private readonly IDiffusionModel model = ModelFolder.Load(ConformancePack.PathOf("pipelines", "sd15-tiny", PackModels.Graphs), new());

    public void Dispose() => model.Dispose();

    [Fact]
    public void Euler_of_A1111()
    {
        var (row, lanes) = Run(Plain with { Sampler = "euler" });
        var sigmas = Uniform(6);
        double[] x = [.. Philox(Seed, 0).Select(z => z * sigmas[0])];
        for (int i = 0; i < 6; i++) EulerStep(x, Denoised(x, sigmas[i], Continuous(sigmas[i]), lanes), sigmas[i], sigmas[i + 1]);
        AssertSame(x, row.Latents);
    }

    [Fact]
    public void Ancestral_noise_of_A1111_with_a_variation_and_an_offset()
    {
        var request = Plain with { Sampler = "euler_ancestral", Eta = 1, VariationSeed = 99, VariationStrength = 0.4, NoiseSeedOffset = 31337 };
        var (row, lanes) = Run(request, index: 2);
        var sigmas = Uniform(6);
        float[] first = Philox(Seed, 0); // the seed stays, the variation's goes on by the picture's index
        VariationNoise.Blend(first, Philox(99 + 2, 0), 0.4, row.Shape);
        double[] x = [.. first.Select(z => z * sigmas[0])];
        for (int i = 0; i < 6; i++)
        {
            double s = sigmas[i], to = sigmas[i + 1], up = Math.Min(to, Math.Sqrt(to * to * (s * s - to * to) / (s * s))), down = Math.Sqrt(to * to - up * up);
            EulerStep(x, Denoised(x, s, Continuous(s), lanes), s, down);
            float[] z = Philox(Seed + 31337, i);
            for (int k = 0; k < x.Length; k++) x[k] += up * z[k];
        }
        AssertSame(x, row.Latents);
    }

    [Fact]
    public void Picture_to_picture_of_A1111()
    {
        var canvas = Photo();
        var request = Plain with { Sampler = "euler", Task = GenerationTask.Img2img, Edit = Edit(0.6) };
        var (row, lanes) = Run(request, work: new ImageToImageWork(canvas, Side, Side, ResizeMode.Stretch));
        double[] sigmas = Uniform(6)[(6 - 3 - 1)..]; // t_enc = ⌊0.6 · 6⌋ = 3
        float[] picture = Encoded(canvas), noise = Philox(Seed, 0);
        double[] x = [.. picture.Zip(noise, (p, z) => p + sigmas[0] * z)];
        for (int i = 0; i + 1 < sigmas.Length; i++) EulerStep(x, Denoised(x, sigmas[i], Continuous(sigmas[i]), lanes), sigmas[i], sigmas[i + 1]);
        Assert.Equal(4, sigmas.Length - 1);
        AssertSame(x, row.Latents);
    }

    [Theory]
    [InlineData(MaskFill.Original)]
    [InlineData(MaskFill.Noise)]
    [InlineData(MaskFill.Zero)]
    public void Repainting_of_A1111_keeps_the_picture_within_the_prediction(MaskFill fill)
    {
        var canvas = Photo();
        var sent = Picture.Blank(Side, Side, 1);
        for (int y = 20; y < 50; y++) sent.Row(y)[10..40].Fill(255);
        var mask = new MaskEdit { Picture = new InputPicture("", Side, Side), Blur = 4, Fill = fill };
        var request = Plain with { Sampler = "euler", Task = GenerationTask.Inpaint, Edit = Edit(0.9) with { Mask = mask } };
        var work = new InpaintWork(canvas, sent, mask, Side, Side, ResizeMode.Stretch, asA1111: true);
        var (row, lanes) = Run(request, work: work);

        var blurred = KernelBlur.Run(sent, 4);
        float[] cells = MaskArithmetic.ToLatentsByBicubic(blurred, row.Shape.Width, row.Shape.Height);
        Assert.InRange(cells.Sum(), 1, cells.Length - 1);
        float[] noise = Philox(Seed, 0);
        float[] standing = Encoded(fill == MaskFill.Original ? canvas : SurroundingFill.Run(canvas, blurred));
        double M(int k) => cells[k % cells.Length];
        for (int k = 0; k < standing.Length; k++)
            if (fill != MaskFill.Original && M(k) == 1) standing[k] = fill == MaskFill.Noise ? noise[k] : 0;
        double[] sigmas = Uniform(6)[(6 - 5 - 1)..]; // t_enc = ⌊0.9 · 6⌋ = 5
        double[] x = [.. standing.Zip(noise, (p, z) => p + sigmas[0] * z)];
        for (int i = 0; i + 1 < sigmas.Length; i++)
        {
            double[] denoised = Denoised(x, sigmas[i], Continuous(sigmas[i]), lanes);
            for (int k = 0; k < x.Length; k++) denoised[k] = M(k) * denoised[k] + (1 - M(k)) * standing[k];
            EulerStep(x, denoised, sigmas[i], sigmas[i + 1]);
        }
        AssertSame(x, row.Latents);
        for (int k = 0; k < x.Length; k++)
            if (M(k) == 0) Assert.Equal(standing[k], row.Latents[k]); // put back at the end, to the last bit
    }

    [Fact]
    public void Ancestral_picture_of_ComfyUi_on_a_processor()
    {
        var request = Plain with
        {
            Sampler = "euler_ancestral", Eta = 1, Schedule = "karras", Compatibility = Compatibility.Comfyui, NoiseSource = NoiseSource.TorchCpu,
            PromptStyle = PromptStyle.Comfyui,
        };
        var (row, lanes) = Run(request);
        double[] sigmas = Karras(6);
        double[] x = [.. Torch(Seed, 1)[0].Select(z => z * Math.Sqrt(1 + sigmas[0] * sigmas[0]))];
        float[][] later = Torch(Seed + 1, 6);
        for (int i = 0; i < 6; i++)
        {
            double s = sigmas[i], to = sigmas[i + 1], up = Math.Min(to, Math.Sqrt(to * to * (s * s - to * to) / (s * s))), down = Math.Sqrt(to * to - up * up);
            EulerStep(x, Denoised(x, s, Nearest(s), lanes), s, down);
            for (int k = 0; k < x.Length; k++) x[k] += up * later[i][k];
        }
        AssertSame(x, row.Latents);
    }

    [Fact]
    public void Repainting_of_ComfyUi_shows_the_network_the_noised_picture()
    {
        var canvas = Photo();
        var sent = Picture.Blank(Side, Side, 1);
        for (int y = 20; y < 50; y++) sent.Row(y)[12..40].Fill(255); // ends in the middle of a cell: such cells count by half
        var mask = new MaskEdit { Picture = new InputPicture("", Side, Side), Blur = 0 };
        var request = Plain with
        {
            Sampler = "euler", Schedule = "karras", Task = GenerationTask.Inpaint, Compatibility = Compatibility.Comfyui, NoiseSource = NoiseSource.TorchCpu,
            Edit = Edit(0.5, StrengthRule.Comfyui) with { Mask = mask },
        };
        var (row, lanes) = Run(request, work: new InpaintWork(canvas, sent, mask, Side, Side, ResizeMode.Stretch));
        float[] cells = MaskArithmetic.ToLatentsByBilinear(sent, row.Shape.Width, row.Shape.Height);
        Assert.Contains(cells, cell => cell is > 0 and < 1);
        double M(int k) => cells[k % cells.Length];
        float[] picture = Encoded(canvas), noise = Torch(Seed, 1)[0];
        double[] sigmas = Karras(12)[^7..];
        double[] x = [.. picture.Zip(noise, (p, z) => p + sigmas[0] * z)];
        for (int i = 0; i < 6; i++)
        {
            double[] shown = [.. x.Select((value, k) => M(k) * value + (1 - M(k)) * (picture[k] + sigmas[i] * noise[k]))];
            double[] denoised = Denoised(shown, sigmas[i], Nearest(sigmas[i]), lanes);
            for (int k = 0; k < x.Length; k++) denoised[k] = M(k) * denoised[k] + (1 - M(k)) * picture[k];
            EulerStep(x, denoised, sigmas[i], sigmas[i + 1]);
        }
        AssertSame(x, row.Latents);
    }

    private static GenerationRequest Plain => Requests.Plain with
    {
        Width = Side, Height = Side, Steps = 6, GuidanceScale = 5, Seed = Seed, Compatibility = Compatibility.A1111, NoiseSource = NoiseSource.TorchCuda,
    };

    private static PictureEdit Edit(double strength, StrengthRule rule = StrengthRule.A1111) =>
        new() { Picture = new InputPicture("", Side, Side), Strength = strength, Rule = rule };

    /// <summary>The row as the engine runs it, and what its lanes read: negative, then positive.</summary>
    private (RowMemory Row, Conditioning[] Lanes) Run(GenerationRequest request, PictureWork? work = null, int index = 0)
    {
        var sampler = SamplerFactory.Start(Prepare.ChoiceOf(request, model.Description, Side, Side));
        Assert.Equal(0, sampler.Begin);
        var driver = new RowDriver(model);
        var row = driver.Add(request, sampler.Sampler, NoiseOfRow.Make(request, index, model.Description, sampler.Sampler), work);
        Conditioning[] lanes = [];
        driver.Run(call => lanes = call > 0 ? lanes : [.. driver.LanesOf(0).Select(lane => lane.Conditioning!)], _ => { });
        return (row, lanes);
    }

    /// <summary>D(x, σ) = x − σ·ε, guided.</summary>
    private double[] Denoised(double[] x, double sigma, double timestep, Conditioning[] lanes)
    {
        float[] latents = Array.ConvertAll(x, value => (float)value);
        float[][] answers = [.. lanes.Select(_ => new float[x.Length])];
        for (int lane = 0; lane < lanes.Length; lane++)
            model.Denoiser.Run(
                model.Description.LatentsOf(Side, Side),
                new[] { new DenoiserRow(latents, 1 / Math.Sqrt(sigma * sigma + 1), timestep, lanes[lane], answers[lane]) }, default(RunWidth));
        return [.. x.Select((value, k) => value - sigma * (answers[0][k] + 5.0 * (answers[1][k] - answers[0][k])))];
    }

    private float[] Encoded(Picture canvas)
    {
        var answer = model.Encoder!.Encode(Side, Side, [PixelConversion.ToNetwork(canvas)], default)[0];
        var latents = new float[model.Description.LatentsOf(Side, Side).Length];
        for (int k = 0; k < latents.Length; k++) latents[k] = (float)(answer.Values[k] * 0.18215); // the mean, by the family's factor
        return latents;
    }

    private static void EulerStep(double[] x, double[] denoised, double from, double to)
    {
        for (int k = 0; k < x.Length; k++) x[k] += (x[k] - denoised[k]) / from * (to - from);
    }

    private float[] Philox(int seed, int draw)
    {
        var values = new float[model.Description.LatentsOf(Side, Side).Length];
        var generator = new PhiloxGenerator((ulong)seed);
        for (int i = 0; i <= draw; i++) generator.Normal(values);
        return values;
    }

    private float[][] Torch(int seed, int draws)
    {
        var generator = new TorchCpuGenerator((ulong)seed);
        return [.. Enumerable.Range(0, draws).Select(_ =>
        {
            var values = new float[model.Description.LatentsOf(Side, Side).Length];
            generator.Normal(values);
            return values;
        })];
    }

    /// <summary>σ at n timesteps from 999 to 0, linear in log σ between training steps, and 0.</summary>
    private static double[] Uniform(int n) => [.. Enumerable.Range(0, n).Select(i =>
    {
        double t = 999 - i * 999.0 / (n - 1);
        int low = Math.Min((int)t, 998);
        return Math.Exp(Math.Log(Sigmas[low]) + (Math.Log(Sigmas[low + 1]) - Math.Log(Sigmas[low])) * (t - low));
    }), 0];

    private static double[] Karras(int n)
    {
        double low = Math.Pow(Sigmas[0], 1 / 7.0), high = Math.Pow(Sigmas[^1], 1 / 7.0);
        return [.. Enumerable.Range(0, n).Select(i => Math.Pow(high + (low - high) * i / (n - 1), 7)), 0];
    }

    private static double Continuous(double sigma)
    {
        int low = Math.Clamp(Array.FindLastIndex(Sigmas, one => one <= sigma), 0, 998);
        return low + Math.Clamp((Math.Log(sigma) - Math.Log(Sigmas[low])) / (Math.Log(Sigmas[low + 1]) - Math.Log(Sigmas[low])), 0, 1);
    }

    private static double Nearest(double sigma) => Enumerable.Range(0, 1000).MinBy(t => Math.Abs(Math.Log(Sigmas[t]) - Math.Log(sigma)));

    /// <summary>Of Stable Diffusion 1, which the tiny model's configuration repeats: √β linear.</summary>
    private static double[] TrainingSigmas()
    {
        var sigmas = new double[1000];
        double product = 1;
        for (int t = 0; t < 1000; t++)
        {
            double root = Math.Sqrt(0.00085) + t * (Math.Sqrt(0.012) - Math.Sqrt(0.00085)) / 999;
            product *= 1 - root * root;
            sigmas[t] = Math.Sqrt((1 - product) / product);
        }
        return sigmas;
    }

    private static Picture Photo()
    {
        var picture = Picture.Blank(Side, Side, 3);
        for (int y = 0; y < Side; y++)
            for (int x = 0; x < Side; x++)
                for (int c = 0; c < 3; c++) picture.Row(y)[x * 3 + c] = (byte)(128 + 90 * Math.Sin((x * (c + 1) + y * (3 - c)) / 17.0));
        return picture;
    }

    private static void AssertSame(double[] expected, float[] actual)
    {
        double largest = expected.Max(Math.Abs), furthest = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        Assert.True(furthest <= 1e-4 * largest, $"{furthest:E2} of {largest:G4}");
    }
}
