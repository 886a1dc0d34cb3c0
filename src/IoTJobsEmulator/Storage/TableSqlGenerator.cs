using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace IoTJobsEmulator.Storage;

/// <summary>EF's CREATE TABLE, with an option that EF Core 10 has no API for: WITHOUT ROWID.</summary>
internal sealed class TableSqlGenerator(MigrationsSqlGeneratorDependencies dependencies, IRelationalAnnotationProvider annotations)
    : SqliteMigrationsSqlGenerator(dependencies, annotations)
{
    public const string WithoutRowId = "WithoutRowId";

    protected override void Generate(CreateTableOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
    {
        base.Generate(operation, model, builder, terminate: false);
        if (model!.GetEntityTypes().Any(type => type.FindAnnotation(WithoutRowId) is not null && type.GetTableName() == operation.Name))
            builder.Append(" WITHOUT ROWID");
        builder.AppendLine(Dependencies.SqlGenerationHelper.StatementTerminator);
        EndStatement(builder);
    }
}
