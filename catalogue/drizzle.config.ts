import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: ['./catalogue/schema.ts', './catalogue/schema-gateway.ts'],
  out: './catalogue/migrations',
  casing: 'snake_case',
});
