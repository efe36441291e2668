using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Models.Catalog;
using Darkroom.Models.Pool;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Catalog;

/// <summary>A copy of one of the repository's small models in a temporary folder, to break.</summary>
public sealed class TestModel : IDisposable
{
    private readonly string parent = Directory.CreateTempSubdirectory("darkroom-model-").FullName;

    private TestModel(string source)
    {
        Path = System.IO.Path.Combine(parent, "model");
        Copy(source, Path);
    }

    public string Path { get; }

    /// <summary>The pack in the repository, whatever pack the conformance tests run on: these tests know its values.</summary>
    public static string SourceOf(string family, string layout = "onnx") =>
        System.IO.Path.Combine(Repository.Root, "tests", "conformance", "pipelines", family, layout);

    public static string Starter => System.IO.Path.Combine(Repository.Root, "models", "starter");

    public static TestModel Sd15() => new(SourceOf("sd15-tiny"));

    public static TestModel Old() => new(SourceOf("sd15-tiny", "onnx-old"));

    public static TestModel SdXl() => new(SourceOf("sdxl-tiny"));

    public static TestModel Of(string family) => new(SourceOf(family));

    public static TestModel Sd21() => new(SourceOf("sd21-tiny"));

    public string File(string relative) => System.IO.Path.Combine(Path, relative);

    public TestModel Write(string relative, string content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(File(relative))!);
        System.IO.File.WriteAllText(File(relative), content);
        return this;
    }

    public TestModel Write(string relative, byte[] content)
    {
        Write(relative, "");
        System.IO.File.WriteAllBytes(File(relative), content);
        return this;
    }

    public TestModel Delete(string relative)
    {
        if (Directory.Exists(File(relative))) Directory.Delete(File(relative), recursive: true);
        else System.IO.File.Delete(File(relative));
        return this;
    }

    /// <summary>Sets one field of a JSON file; a null removes it.</summary>
    public TestModel Set(string relative, string field, string? json)
    {
        var node = JsonNode.Parse(System.IO.File.ReadAllText(File(relative)))!.AsObject();
        if (json is null) node.Remove(field);
        else node[field] = JsonNode.Parse(json);
        return Write(relative, node.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    public ModelDescription Read() => ModelFolder.Read(Path);

    /// <summary>Reads, removes the folder, and gives the fault.</summary>
    public string? Fault()
    {
        using (this)
        {
            var model = Read();
            Assert.Equal(model.Fault is null, model.Tasks.Count > 0);
            return model.Fault;
        }
    }

    public void Dispose() => Directory.Delete(parent, recursive: true);

    public static void Copy(string source, string target)
    {
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = System.IO.Path.Combine(target, System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            System.IO.File.WriteAllBytes(copy, System.IO.File.ReadAllBytes(file));
        }
    }
}
