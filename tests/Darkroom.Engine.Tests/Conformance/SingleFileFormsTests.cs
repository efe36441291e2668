using System.Text.Json.Nodes;
using Darkroom.Models.Pool;
using Darkroom.TestKit;
using Darkroom.TestKit.Checkpoints;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>Forms that published files of Stable Diffusion 3 and FLUX come in, beside the usual one: each makes the picture that it should.</summary>
public sealed class SingleFileFormsTests : IDisposable
{
    private const string T5 = "text_encoders.t5xxl.transformer.", Transformer = "model.diffusion_model.", Projection = "text_projection.weight";

    private readonly PackModels files = new();

    /// <summary>T5 is in float8 with a scale for each weight, the transformer in float8 alone; in the twin the same values are float32.</summary>
    [Theory]
    [InlineData("sd3-tiny", ".scale_weight")]
    [InlineData("flux-tiny", ".scale_weight")]
    [InlineData("flux-tiny", ".weight_scale")]
    public void Float8_is_read_with_and_without_a_scale(string family, string scaleName)
    {
        string file = files.PathOf(family, PackModels.OneFile)!;
        var plain = RawTensors.Read(file);
        var (quantised, same) = (new Dictionary<string, RawTensor>(), new Dictionary<string, RawTensor>());
        int scaled = 0, alone = 0;
        foreach (var (name, tensor) in plain)
        {
            bool t5 = name.StartsWith(T5, StringComparison.Ordinal) && !name.Contains("shared", StringComparison.Ordinal);
            quantised[name] = same[name] = tensor;
            if (tensor.Shape.Length != 2 || tensor.Type != "F16" || (!t5 && !name.StartsWith(Transformer, StringComparison.Ordinal)
                && !name.StartsWith(T5, StringComparison.Ordinal))) continue;
            float[] values = tensor.Floats();
            float scale = t5 ? values.Max(Math.Abs) / Float8.Max : 1;
            byte[] bytes = [.. values.Select(value => Float8.Nearest(value / scale))];
            quantised[name] = new("F8_E4M3", tensor.Shape, bytes);
            same[name] = RawTensor.Of(tensor.Shape, bytes.Select(one => Float8.Value(one) * scale));
            if (t5) quantised[name[..^".weight".Length] + scaleName] = RawTensor.Of([], [scale]);
            if (t5) scaled++;
            else alone++;
        }
        quantised[T5 + "scaled_fp8"] = new("F8_E4M3", [0], []);
        Assert.True(scaled >= 10 && alone >= 20);

        float[] golden = CasePicture.Of(family, file);
        RawTensors.Write(file, same);
        float[] twin = CasePicture.Of(family, file);
        CasePicture.AssertOther(golden, twin); // the values are rounded indeed
        RawTensors.Write(file, quantised);
        CasePicture.AssertSame(twin, CasePicture.Of(family, file));
    }

    [Fact]
    public void Stable_diffusion_3_without_T5_reads_zeros_in_its_place()
    {
        const string Family = "sd3-tiny";
        string file = files.PathOf(Family, PackModels.OneFile)!, folder = Directory.CreateTempSubdirectory("darkroom-no-t5-").FullName;
        try
        {
            string source = ConformancePack.PathOf("pipelines", Family, PackModels.Weights);
            foreach (string path in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            {
                if (path.Contains("_3", StringComparison.Ordinal)) continue;
                string copy = Path.Combine(folder, Path.GetRelativePath(source, path));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(path, copy);
            }
            var index = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "model_index.json")))!;
            foreach (string part in (string[])["text_encoder_3", "tokenizer_3"]) index[part] = new JsonArray(null, null);
            File.WriteAllText(Path.Combine(folder, "model_index.json"), index.ToJsonString());

            float[] whole = CasePicture.Of(Family, file);
            Rewrite(file, tensors => tensors.Where(one => !one.Key.StartsWith(T5, StringComparison.Ordinal)));
            Assert.Equal(["text_encoder", "text_encoder_2"], ModelFolder.Read(file).TextEncoders.Select(text => text.Name));
            float[] without = CasePicture.Of(Family, file);
            CasePicture.AssertSame(CasePicture.Of(Family, folder), without);
            CasePicture.AssertOther(whole, without);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Published files of Stable Diffusion 3 have none; diffusers puts ones on a diagonal in its place.</summary>
    [Fact]
    public void A_projection_that_the_first_encoder_has_not_changes_nothing()
    {
        const string Family = "sd3-tiny", Name = "text_encoders.clip_l.transformer." + Projection;
        string file = files.PathOf(Family, PackModels.OneFile)!;
        float[] own = CasePicture.Of(Family, file);
        Rewrite(file, tensors => tensors.Select(one => one.Key != Name ? one
            : new(Name, RawTensor.Of([32, 32], Enumerable.Range(0, 32 * 32).Select(i => i % 33 == 0 ? 1f : 0)))));
        float[] ones = CasePicture.Of(Family, file);
        Rewrite(file, tensors => tensors.Where(one => one.Key != Name));
        float[] none = CasePicture.Of(Family, file);
        CasePicture.AssertSame(ones, none);
        CasePicture.AssertOther(own, none);
        Rewrite(file, tensors => tensors.Where(one => one.Key != "text_encoders.clip_g.transformer." + Projection));
        Assert.Contains("weight 'text_projection.weight' is missing; [48, 48] is needed",
            Assert.Throws<Models.Sessions.GraphException>(() => CasePicture.Of(Family, file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vae.", "first_stage_model.")]
    [InlineData(Transformer, "")]
    [InlineData("text_encoders.clip_l.transformer.text_model.", "text_encoders.clip_l.transformer.")]
    [InlineData(T5 + "shared.", T5 + "encoder.embed_tokens.")]
    public void Names_with_another_beginning_are_found(string usual, string other)
    {
        const string Family = "flux-tiny";
        string file = files.PathOf(Family, PackModels.OneFile)!;
        float[] before = CasePicture.Of(Family, file);
        Rewrite(file, tensors => tensors.Select(one => !one.Key.StartsWith(usual, StringComparison.Ordinal) ? one
            : new(other + one.Key[usual.Length..], one.Value)));
        CasePicture.AssertSame(before, CasePicture.Of(Family, file));
    }

    [Theory]
    [InlineData("double_blocks.0.img_mlp.0.weight.absmax", 4, "is quantised (bitsandbytes; 'model.diffusion_model.double_blocks.0.img_mlp.0.weight.absmax'): "
        + "of such forms float8 alone is read, with one scale for a weight or none")]
    [InlineData("double_blocks.0.img_mlp.0.weight_scale", 128, "has scales 'model.diffusion_model.double_blocks.0.img_mlp.0.weight_scale' of F32 [128]: "
        + "one number for a whole weight is read, no more")]
    public void Other_forms_of_few_bits_say_what_they_are(string name, int count, string reason)
    {
        string file = files.PathOf("flux-tiny", PackModels.OneFile)!;
        Rewrite(file, tensors => tensors.Append(new(Transformer + name, RawTensor.Of([count], new float[count]))));
        Assert.Equal("flux-tiny.safetensors: " + reason, ModelFolder.Read(file).Fault);
    }

    [Fact]
    public void Files_that_were_cut_off_or_made_up_are_refused()
    {
        string file = files.PathOf("sd3-tiny", PackModels.OneFile)!;
        byte[] whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, whole[..^100]);
        Assert.StartsWith("sd3-tiny.safetensors: is cut off: ", ModelFolder.Read(file).Fault, StringComparison.Ordinal);
        File.WriteAllBytes(file, [.. whole, 0, 0]);
        Assert.Equal("sd3-tiny.safetensors: is no safetensors file: its last 2 bytes belong to no tensor", ModelFolder.Read(file).Fault);
        int header = (int)BitConverter.ToUInt64(whole);
        string json = System.Text.Encoding.UTF8.GetString(whole, 8, header);
        int first = json.IndexOf("[0,", StringComparison.Ordinal), end = json.IndexOf(']', first);
        string places = json[first..(end + 1)], next = $"[{places[3..^1]},";
        string overlapping = json.Replace(next, "[0,", StringComparison.Ordinal).PadRight(json.Length);
        File.WriteAllBytes(file, [.. whole[..8], .. System.Text.Encoding.UTF8.GetBytes(overlapping), .. whole[(8 + header)..]]);
        Assert.StartsWith("sd3-tiny.safetensors: is no safetensors file: tensor '", ModelFolder.Read(file).Fault, StringComparison.Ordinal);
    }

    public void Dispose() => files.Dispose();

    private static void Rewrite(string file, Func<Dictionary<string, RawTensor>, IEnumerable<KeyValuePair<string, RawTensor>>> change) =>
        RawTensors.Write(file, [.. change(RawTensors.Read(file))]);
}
