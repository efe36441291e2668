using System.Runtime.Loader;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Darkroom.EndToEnd.Generators;

/// <summary>A program in C# that is compiled with what a generator wrote, against the packages that this test has, and run in this process.</summary>
internal static class CSharpProgram
{
    private static readonly CSharpCompilationOptions Options = new(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
        nullableContextOptions: NullableContextOptions.Enable, generalDiagnosticOption: ReportDiagnostic.Error);

    /// <summary>Compiles, with warnings as errors, and runs.</summary>
    /// <param name="type">Full name of the type whose <c>RunAsync(string address, string key, string picture)</c> is called.</param>
    /// <param name="sources">Source files by name.</param>
    /// <returns>What it answered, as JSON.</returns>
    public static async Task<JsonElement> RunAsync(
        string type, IEnumerable<(string Name, string Text)> sources, string address, string key, string picture)
    {
        string[] assemblies = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create("GeneratedClient",
            sources.Select(source => CSharpSyntaxTree.ParseText(SourceText.From(source.Text, System.Text.Encoding.UTF8), path: source.Name)),
            assemblies.Where(File.Exists).Select(path => MetadataReference.CreateFromFile(path)), Options);
        using var built = new MemoryStream();
        var result = compilation.Emit(built);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error).Take(20)));
        built.Position = 0;
        var context = new AssemblyLoadContext("generated client", isCollectible: true);
        try
        {
            var run = context.LoadFromStream(built).GetType(type, throwOnError: true)!.GetMethod("RunAsync")!;
            return JsonSerializer.SerializeToElement(await (Task<object>)run.Invoke(null, [address, key, picture])!);
        }
        finally
        {
            context.Unload();
        }
    }
}
