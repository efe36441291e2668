using Darkroom.Models.Pool;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Catalog;

/// <summary>Whatever stands in a folder, reading it gives a description.</summary>
public sealed class ModelFolderFuzzTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Bytes_changed_at_random_never_throw(int seed)
    {
        var random = new Random(seed);
        using var folder = TestModel.Sd15().Write("darkroom.json", File.ReadAllText(Path.Combine(TestModel.Starter, "darkroom.json")));
        string[] files = [.. ModelFiles.Of(folder.Path), "darkroom.json"];
        for (int round = 0; round < 60; round++)
        {
            string file = folder.File(files[random.Next(files.Length)]);
            byte[] whole = File.ReadAllBytes(file), broken = [.. whole];
            // Near the start, where a graph's structure lies; anywhere in a text.
            for (int i = 0; i < 3; i++) broken[random.Next(Math.Min(broken.Length, 4096))] = (byte)random.Next(256);
            File.WriteAllBytes(file, broken);
            var model = folder.Read();
            Assert.Equal(model.Fault is null, model.Tasks.Count > 0);
            File.WriteAllBytes(file, whole);
        }
        Assert.Null(folder.Read().Fault);
    }

    [Fact]
    public void Values_of_every_other_type_never_throw()
    {
        string[] values = ["null", "true", "-1", "1e400", "\"text\"", "[null]", "{}"];
        using var folder = TestModel.Sd15().Write("darkroom.json", File.ReadAllText(Path.Combine(TestModel.Starter, "darkroom.json")));
        foreach (string file in ModelFiles.Of(folder.Path)
            .Where(file => file.EndsWith(".json", StringComparison.Ordinal) && !file.EndsWith("vocab.json", StringComparison.Ordinal)).Append("darkroom.json"))
        {
            string whole = File.ReadAllText(folder.File(file));
            string[] fields = [.. System.Text.Json.Nodes.JsonNode.Parse(whole)!.AsObject().Select(entry => entry.Key)];
            foreach (string field in fields)
            {
                foreach (string value in values)
                {
                    var model = folder.Set(file, field, value).Read();
                    Assert.Equal(model.Fault is null, model.Tasks.Count > 0);
                    folder.Write(file, whole);
                }
            }
        }
        Assert.Null(folder.Read().Fault);
    }

    [Fact]
    public void Every_folder_of_the_pack_is_read()
    {
        string root = ConformancePack.PathOf("pipelines");
        ModelFolder.Read(TestModel.Starter);
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        ModelFolder.Read(TestModel.Starter);
        TestContext.Current.SendDiagnosticMessage("starter read in {0:F1} ms", System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        foreach (string index in Directory.EnumerateFiles(root, "model_index.json", SearchOption.AllDirectories))
        {
            var model = ModelFolder.Read(Path.GetDirectoryName(index)!);
            Assert.Equal(model.Fault is null, model.Tasks.Count > 0);
        }
    }
}
