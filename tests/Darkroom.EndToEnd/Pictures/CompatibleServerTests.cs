using Darkroom.Diffusion.Noise;
using Darkroom.Imaging;
using Darkroom.Imaging.Metadata;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Text;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Pictures;

/// <summary>
/// What the server answers to <c>compatibility</c> is the picture that a plain loop makes with the starter's own networks: k-diffusion's Euler, A1111's noise
/// and weights, written here.
/// </summary>
public sealed class CompatibleServerTests(StarterServer server) : IClassFixture<StarterServer>
{
    private const int Steps = 8, Seed = 77;

    [Fact]
    public async Task A1111s_picture_of_the_starter_comes_out_of_a_POST()
    {
        var answer = await server.Client.PostAsync(
            $$"""
            { "prompt": "(red:1.4) apple, 3d render", "negative_prompt": "", "compatibility": "a1111", "sampler": "euler", "steps": {{Steps}}, "seed": {{Seed}},
              "variation_seed": 5, "variation_strength": 0.2, "guidance_scale": 3, "guidance_rescale": 0, "width": 64, "height": 64, "upscale": null }
            """, "image/png");
        var made = answer.Picture("image/png");
        var expected = await PictureAsync();
        int[] errors = [.. expected.Pixels.Zip(made.Pixels, (a, b) => Math.Abs(a - b))];
        Assert.True(errors.Max() <= 1, $"A value is {errors.Max()} off.");
        Assert.True(errors.Count(error => error == 0) >= 0.995 * errors.Length, $"{errors.Count(error => error != 0)} of {errors.Length} values differ.");
        var fields = ParametersText.Parse(PictureMetadata.ReadParameters(answer.Bytes)!).Fields;
        Assert.Equal(("5", "0.2", "a1111"), (fields["Variation seed"], fields["Variation seed strength"], fields["Compatibility"]));
    }

    [Fact]
    public async Task Parameters_posted_again_give_the_same_picture()
    {
        foreach (string compatibility in (string[])["a1111", "comfyui"])
        {
            var first = (await server.Client.PostAsync($$"""
                { "prompt": "(red:1.2) apple", "compatibility": "{{compatibility}}", "sampler": "euler_ancestral", "steps": 6, "s_noise": 0.9, "upscale": null,
                  "variation_strength": 0.5, "seed_resize": [96, 64], "noise_seed_offset": 31337 }
                """)).Succeeded();
            var again = (await server.Client.PostAsync(first.GetProperty("parameters").GetRawText())).Succeeded();
            Assert.Equal(Sum(first), Sum(again));
            Assert.Equal(first.GetProperty("parameters").GetRawText(), again.GetProperty("parameters").GetRawText());
        }

        static string Sum(System.Text.Json.JsonElement answer) => answer.GetProperty("images")[0].GetProperty("sha256").GetString()!;
    }

    private static async Task<Picture> PictureAsync()
    {
        using var model = ModelFolder.Load(Path.Combine(Repository.Root, "models", "starter"), new());
        foreach (var part in model.Parts)
            using (await part.HoldAsync(CancellationToken.None)) { } // open from now on
        Conditioning[] lanes = [Condition(model, ""), Condition(model, "(red:1.4) apple, 3d render")];
        var shape = model.Description.LatentsOf(64, 64);
        float[] first = new float[shape.Length], other = new float[shape.Length];
        new PhiloxGenerator(Seed).Normal(first);
        new PhiloxGenerator(5).Normal(other);
        VariationNoise.Blend(first, other, 0.2, shape);

        double[] training = TrainingSigmas();
        double[] sigmas = [.. Enumerable.Range(0, Steps).Select(i => Level(training, 999 - i * 999.0 / (Steps - 1))), 0];
        double[] x = [.. first.Select(z => z * sigmas[0])];
        for (int i = 0; i < Steps; i++)
        {
            double s = sigmas[i], timestep = 999 - i * 999.0 / (Steps - 1);
            float[] latents = Array.ConvertAll(x, value => (float)value);
            float[][] answers = [new float[x.Length], new float[x.Length]];
            for (int lane = 0; lane < 2; lane++)
                model.Denoiser.Run(shape, new[] { new DenoiserRow(latents, 1 / Math.Sqrt(s * s + 1), timestep, lanes[lane], answers[lane]) }, default);
            for (int k = 0; k < x.Length; k++)
            {
                // The starter predicts v: D = x/(σ² + 1) − v·σ/√(σ² + 1).
                double v = answers[0][k] + 3.0 * (answers[1][k] - answers[0][k]), denoised = x[k] / (s * s + 1) - v * s / Math.Sqrt(s * s + 1);
                x[k] += (x[k] - denoised) / s * (sigmas[i + 1] - s);
            }
        }
        var decoded = model.Decoder.Decode(shape, [Array.ConvertAll(x, value => (float)value)], default)[0];
        return PixelConversion.FromNetwork(decoded.Values, decoded.Width, decoded.Height);
    }

    /// <summary>Weights times hidden states, each chunk brought back to its mean.</summary>
    private static Conditioning Condition(IDiffusionModel model, string text)
    {
        var tokens = model.Tokenize([new PromptText(text)], TextReading.Weighted)[0];
        var read = Assert.Single(tokens.Encoders);
        Assert.Equal(1, read.Chunks);
        var made = model.TextEncoders[0].Encode([read.Chunk(0)], default)[0];
        float[] states = [.. made.Values];
        int width = made.Shape[1];
        for (int k = 0; k < states.Length; k++) states[k] *= read.Weights?[k / width] ?? 1;
        float scale = read.Weights is null ? 1 : made.Values.Average() / states.Average();
        return model.Condition(tokens, [made with { Values = [.. states.Select(value => value * scale)] }]);
    }

    private static double Level(double[] training, double timestep)
    {
        int low = Math.Min((int)timestep, 998);
        return Math.Exp(Math.Log(training[low]) + (Math.Log(training[low + 1]) - Math.Log(training[low])) * (timestep - low));
    }

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
}
