using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using Darkroom.TestKit;

namespace Darkroom.Client.Tests.Package;

/// <summary>The package, as a stranger takes it.</summary>
public sealed class PackageTests(TestServer server) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-package-").FullName;

    // A version that no other run had: packages are kept by their versions.
    private readonly string version = $"0.0.1-test.{DateTime.UtcNow:yyyyMMddHHmmssfff}";

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string kept = Path.Combine(packages, "darkroom.client", version);
        if (Directory.Exists(kept)) Directory.Delete(kept, recursive: true);
    }

    [Fact]
    public async Task A_program_on_the_package_runs_compiled_ahead_of_time()
    {
        await PackAsync();
        CheckContents();
        await File.WriteAllTextAsync(Path.Combine(folder, "nuget.config"), $"""
            <configuration><packageSources><add key="own" value="{folder}" /></packageSources></configuration>
            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "Stranger.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <InvariantGlobalization>true</InvariantGlobalization>
                <StripSymbols>false</StripSymbols>
                <TrimmerSingleWarn>false</TrimmerSingleWarn>
                <NoWarn>$(NoWarn);MEAI001</NoWarn>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Darkroom.Client" Version="{version}" />
                <PackageReference Include="Microsoft.Extensions.DependencyInjection" Version="10.0.0" />
              </ItemGroup>
            </Project>
            """);
        File.Copy(Path.Combine(Repository.Root, "tests", "Darkroom.Client.Tests", "Package", "Program", "Program.cs"), Path.Combine(folder, "Program.cs"));
        await File.WriteAllTextAsync(Path.Combine(folder, "Page.cs"), PageBlocks.Program(
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "dotnet-client.md")),
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src", "Darkroom.Client", "README.md"))));
        // Without a linker the program is trimmed, by the same analysis, and brings its runtime.
        string how = Linker is { } linker ? $"-p:PublishAot=true -p:CppCompilerAndLinker={linker}" : "-p:PublishTrimmed=true --self-contained";
        await RunAsync("dotnet", $"publish Stranger.csproj -c Release -r {Platform} {how} -v quiet -nodeReuse:false -o out", folder);
        long size = new FileInfo(Path.Combine(folder, "out", "Stranger")).Length;
        TestContext.Current.SendDiagnosticMessage($"{(Linker is null ? "trimmed" : "compiled ahead")}: {size >> 10} KiB");

        string said = await RunAsync(Path.Combine(folder, "out", "Stranger"), server.Address.ToString(), folder);
        var made = await server.Client.GenerateAsync(new Txt2ImgRequest
            { Prompt = "a red circle", Seed = 42, Steps = 4, GuidanceInterval = new(0, 0.9), Tiling = Tiling.X, Upscale = UpscaleStep.None });
        var changed = await server.Client.GenerateAsync(new Img2ImgRequest
            { Prompt = "a blue circle", Image = made.Images[0].Data!.Value.ToArray(), Strength = 0.5, Steps = 4, Seed = 1, Upscale = UpscaleStep.None });
        Assert.Equal($"""
            server: Darkroom, all
            model: {(await server.Client.GetModelAsync("starter")).Capabilities.DenoiserChannels}
            txt2img: {made.Images[0].Sha256} x
            img2img: {changed.Images[0].Sha256}
            png-info: 42
            events: JobQueued JobStarted JobProgressed JobPreview JobSucceeded
            jobs: True
            fault: invalid_request steps 1000
            generator: image/png
            """, said.Trim());
    }

    private Task<string> PackAsync() => RunAsync("dotnet",
        $"pack src/Darkroom.Client -c Release -p:Version={version} -p:RunAnalyzers=false -v quiet -nodeReuse:false -o \"{folder}\" --no-restore "
        + $"-p:BaseOutputPath={folder}/bin/ -p:IntermediateOutputPath={folder}/obj/", Repository.Root);

    private void CheckContents()
    {
        Assert.True(File.Exists(Path.Combine(folder, $"Darkroom.Client.{version}.snupkg")), "The symbols are missing.");
        using var package = ZipFile.OpenRead(Path.Combine(folder, $"Darkroom.Client.{version}.nupkg"));
        string[] files = [.. package.Entries.Select(entry => entry.FullName)];
        foreach (string expected in (string[])["README.md", "LICENSE", "lib/net10.0/Darkroom.Client.dll", "lib/net10.0/Darkroom.Client.xml"])
            Assert.Contains(expected, files);
        using var manifest = package.GetEntry("Darkroom.Client.nuspec")!.Open();
        var elements = XDocument.Load(manifest).Descendants().ToLookup(element => element.Name.LocalName);
        Assert.Equal(["Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.Http", "Polly.Core"],
            elements["dependency"].Select(one => one.Attribute("id")!.Value).Order());
        Assert.Equal("README.md", elements["readme"].Single().Value);
        Assert.Equal("LICENSE", elements["license"].Single().Value);
    }

    private static string Platform => $"linux-{System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    private static string? Linker => new[] { "clang", "gcc" }.FirstOrDefault(name => File.Exists(Path.Combine("/usr/bin", name)));

    private static async Task<string> RunAsync(string program, string arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {arguments}\n{await output}\n{await error}");
        return await output;
    }
}
