using Darkroom.TestKit.Databases;

[assembly: AssemblyFixture(typeof(SharedPostgres))]
